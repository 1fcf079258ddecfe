"""Rules of Services that both allocation and validation follow."""

from functools import partial
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, invalid, not_supported, required

FAMILIES = ("IPv4", "IPv6")
POLICIES = ("PreferDualStack", "RequireDualStack", "SingleStack")


def has_cluster_ip(spec: Object) -> bool:
    """Return True for every type but ExternalName; "None" counts as a ClusterIP."""
    return spec.get("type") != "ExternalName"


def has_node_ports(spec: Object) -> bool:
    """Return True if ports may have node ports."""
    return spec.get("type") in {"NodePort", "LoadBalancer"}


def wants_node_ports(spec: Object) -> bool:
    """Return True if ports without a node port get one."""
    if spec.get("type") == "LoadBalancer":
        return spec.get("allocateLoadBalancerNodePorts") is not False
    return spec.get("type") == "NodePort"


def has_health_check(spec: Object) -> bool:
    """Return True if healthCheckNodePort has an effect."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def is_externally_accessible(spec: Object) -> bool:
    """Return True if externalTrafficPolicy has an effect."""
    return has_node_ports(spec) or (spec.get("type") == "ClusterIP" and bool(spec.get("externalIPs")))


def node_ports(spec: Object) -> list[int]:
    """Node ports in use, with repetitions."""
    return [port["nodePort"] for port in spec.get("ports") or [] if port.get("nodePort")]


def validate_cluster_ips(service: Object) -> list[Cause]:
    """Return what is wrong with the addresses and families of a Service."""
    spec = service["spec"]
    if spec.get("type") == "ExternalName":
        return []
    addresses: list[str] = spec.get("clusterIPs") or []
    causes = [*_singular(spec, addresses), *_families(spec)]
    malformed = _malformed_addresses(addresses)
    if malformed:
        return [*causes, *malformed]
    return [*causes, *_count_and_families(addresses), *_family_mismatches(addresses, spec.get("ipFamilies") or [])]


def validate_kept_cluster_ips(service: Object, old: Object) -> list[Cause]:
    """Return a cause for each address and family that changed and must not."""
    spec, old_spec = service["spec"], old["spec"]
    if "ExternalName" in {spec.get("type"), old_spec.get("type")}:
        return []
    addresses: list[str] = spec.get("clusterIPs") or []
    old_addresses: list[str] = old_spec.get("clusterIPs") or []
    headless = [values[:1] == ["None"] for values in (addresses, old_addresses)]
    if all(headless):
        return []
    count = len(old_addresses) if len(old_addresses) == len(addresses) else min(1, len(old_addresses))
    causes = [
        invalid(f"spec.clusterIPs[{index}]", addresses, "may not change once set")
        for index in range(count)
        if index >= len(addresses) or addresses[index] != old_addresses[index]
    ]
    old_families = old_spec.get("ipFamilies") or []
    families = spec.get("ipFamilies") or []
    if not any(headless) and old_families[:1] != families[:1]:
        causes.append(invalid("spec.ipFamilies[0]", families, "may not change once set"))
    return causes


def _singular(spec: Object, addresses: list[str]) -> list[Cause]:
    single = spec.get("clusterIP", "")
    if single and not addresses:
        return [required("spec.clusterIPs")]
    if single and addresses[0] != single:
        return [invalid("spec.clusterIPs", addresses, "first value must match `clusterIP`")]
    if not single and addresses:
        return [invalid("spec.clusterIPs", addresses, "must be empty when `clusterIP` is not specified")]
    return []


def _families(spec: Object) -> list[Cause]:
    causes: list[Cause] = []
    families = spec.get("ipFamilies") or []
    for index, family in enumerate(families):
        if family not in FAMILIES:
            causes.append(not_supported(f"spec.ipFamilies[{index}]", family, FAMILIES))
        if family in families[:index]:
            causes.append(duplicate(f"spec.ipFamilies[{index}]", family))
    return [*causes, *names.check_choice(POLICIES, spec.get("ipFamilyPolicy") or None, "spec.ipFamilyPolicy")]


def _malformed_addresses(addresses: list[str]) -> list[Cause]:
    if addresses[:1] == ["None"]:
        why = "'None' must be the first and only value"
        return [invalid("spec.clusterIPs", addresses, why)] if len(addresses) > 1 else []
    return names.check_each(partial(names.check, names.address), addresses, "spec.clusterIPs")


def _count_and_families(addresses: list[str]) -> list[Cause]:
    causes = []
    if len(addresses) > 2:
        causes.append(invalid("spec.clusterIPs", addresses, "may only hold up to 2 values"))
    if len(addresses) > 1 and len({ip_address(address).version for address in addresses}) < len(addresses):
        causes.append(invalid("spec.clusterIPs", addresses, "may specify no more than one IP for each IP family"))
    return causes


def _family_mismatches(addresses: list[str], families: list[str]) -> list[Cause]:
    if addresses[:1] == ["None"]:
        return []
    return [
        invalid(
            f"spec.clusterIPs[{index}]",
            address,
            f"expected an {family} value as indicated by `ipFamilies[{index}]`",
        )
        for index, (address, family) in enumerate(zip(addresses, families, strict=False))
        if f"IPv{ip_address(address).version}" != family
    ]
