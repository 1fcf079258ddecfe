"""ipFamilyPolicy, ipFamilies and clusterIPs: the completion of missing values.

https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services
"""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.allocation.pools import Pools
from svcproof.lab.apiserver.errors import Cause, invalid, unprocessable
from svcproof.lab.apiserver.services import has_cluster_ip, validate_cluster_ips

OTHER = {"IPv4": "IPv6", "IPv6": "IPv4"}
SINGLE, PREFER, REQUIRE = "SingleStack", "PreferDualStack", "RequireDualStack"


def settle_families(pools: Pools, service: Object, old: Object | None) -> None:
    """Complete the fields of `service` in place; raises ApiError 422 if they contradict each other."""
    spec, old_spec = service["spec"], old["spec"] if old else None
    if not has_cluster_ip(spec) or _keeps_preference(spec, old_spec):
        return
    selectorless = spec.get("clusterIP") == "None" and not spec.get("selector")
    if not spec.get("ipFamilyPolicy"):
        inherited = old_spec.get("ipFamilyPolicy") if old_spec else None
        spec["ipFamilyPolicy"] = inherited or (REQUIRE if selectorless else SINGLE)
    _refuse(service, validate_cluster_ips(service))
    causes = _reduce(spec, old_spec) if old_spec else []
    _refuse(service, [*causes, *_contradictions(spec), *_infer(pools, spec)])
    if selectorless:
        families = spec.get("ipFamilies") or [pools.families[0]]
        spec["ipFamilies"] = _both(families) if spec["ipFamilyPolicy"] != SINGLE else families
        return
    _refuse(service, _unconfigured_families(pools, spec))
    families = spec.get("ipFamilies") or [pools.families[0]]
    dual = spec["ipFamilyPolicy"] != SINGLE and len(pools.families) == 2
    spec["ipFamilies"] = _both(families) if dual else families


def _both(families: list[str]) -> list[str]:
    return [*families, OTHER[families[0]]] if len(families) == 1 else families


def _keeps_preference(spec: Object, old_spec: Object | None) -> bool:
    """Return True if an update keeps PreferDualStack: the Service then gets no second family by itself."""
    keys = ("type", "clusterIPs", "ipFamilies")
    return (
        old_spec is not None
        and spec.get("ipFamilyPolicy") == PREFER
        and old_spec.get("ipFamilyPolicy") in {None, PREFER}
        and all(spec.get(key) == old_spec.get(key) for key in keys)
    )


def _reduce(spec: Object, old_spec: Object) -> list[Cause]:
    """Drop the second family under SingleStack, in place; return a cause if another policy loses it."""
    causes = []
    for key, what in (("clusterIPs", "secondary cluster IP"), ("ipFamilies", "secondary IP family")):
        new, old = spec.get(key) or [], old_spec.get(key) or []
        if spec["ipFamilyPolicy"] == SINGLE:
            if new == old and len(new) > 1:
                spec[key] = new[:1]
        elif 0 < len(new) < len(old) and new[0] == old[0]:
            why = f"must be 'SingleStack' to release the {what}"
            causes.append(invalid("spec.ipFamilyPolicy", spec["ipFamilyPolicy"], why))
    return causes


def _contradictions(spec: Object) -> list[Cause]:
    if spec["ipFamilyPolicy"] != SINGLE:
        return []
    why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
    return [
        invalid("spec.ipFamilyPolicy", SINGLE, f"{why} {what} are specified")
        for key, what in (("clusterIPs", "cluster IPs"), ("ipFamilies", "IP families"))
        if len(spec.get(key) or []) == 2
    ]


def _infer(pools: Pools, spec: Object) -> list[Cause]:
    """Take the families from the addresses in clusterIPs."""
    causes: list[Cause] = []
    families = list(spec.get("ipFamilies") or [])
    for index, address in enumerate(spec.get("clusterIPs") or []):
        if address == "None":
            break
        if index < len(families):
            continue
        family = "IPv6" if ":" in address else "IPv4"
        if pools.of_family(family) is None:
            why = f"{family} is not configured on this cluster"
            causes.append(invalid(f"spec.clusterIPs[{index}]", spec["clusterIPs"], why))
        else:
            families.append(family)
    if families:
        spec["ipFamilies"] = families
    return causes


def _unconfigured_families(pools: Pools, spec: Object) -> list[Cause]:
    causes = []
    if spec["ipFamilyPolicy"] == REQUIRE and len(pools.families) < 2:
        why = "this cluster is not configured for dual-stack services"
        causes.append(invalid("spec.ipFamilyPolicy", REQUIRE, why))
    for index, family in enumerate(spec.get("ipFamilies") or []):
        if pools.of_family(family) is None:
            causes.append(invalid(f"spec.ipFamilies[{index}]", family, "not configured on this cluster"))
    return causes


def _refuse(service: Object, causes: list[Cause]) -> None:
    if causes:
        raise unprocessable("Service", "", service["metadata"].get("name", ""), causes)
