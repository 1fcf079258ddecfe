"""Services: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, not_supported, required
from svcproof.lab.apiserver.services import (
    has_health_check,
    is_externally_accessible,
    validate_cluster_ips,
    validate_kept_cluster_ips,
)
from svcproof.lab.apiserver.validation.service_ports import validate_service_ports

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
AFFINITIES = ("ClientIP", "None")
LONGEST_AFFINITY = 86400
POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameZone", "PreferSameNode")
INGRESS_MODES = ("Proxy", "VIP")


def validate_service(service: Object) -> list[Cause]:
    """Return what is wrong with a Service, whether new or changed."""
    spec = service["spec"]
    headless = spec.get("clusterIPs") == ["None"]
    causes: list[Cause] = []
    if not spec.get("ports") and not headless and spec["type"] != "ExternalName":
        causes.append(required("spec.ports"))
    causes += _type_rules(spec, headless=headless)
    causes += validate_service_ports(spec)
    causes += names.labels(spec.get("selector") or {}, "spec.selector")
    causes += _affinity(spec)
    causes += validate_cluster_ips(service)
    causes += names.check_each(_external_address, spec.get("externalIPs"), "spec.externalIPs")
    causes += names.check_choice(TYPES, spec["type"], "spec.type")
    causes += _unique_ports(spec)
    causes += _load_balancer(spec)
    causes += [*_external_policy(spec), *_health_check(spec), *_internal_policy(spec)]
    return [*causes, *names.check_choice(DISTRIBUTIONS, spec.get("trafficDistribution"), "spec.trafficDistribution")]


def validate_service_update(service: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change of a Service."""
    spec, old_spec = service["spec"], old["spec"]
    causes = validate_kept_cluster_ips(service, old)
    both = spec["type"] == old_spec["type"] == "LoadBalancer"
    if both and spec.get("loadBalancerClass") != old_spec.get("loadBalancerClass"):
        causes.append(invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set"))
    checked = has_health_check(spec) and has_health_check(old_spec)
    if checked and spec.get("healthCheckNodePort") != old_spec.get("healthCheckNodePort"):
        causes.append(forbidden("spec.healthCheckNodePort", "field is immutable"))
    return [*causes, *validate_service(service)]


def validate_service_status(service: Object) -> list[Cause]:
    """Return what is wrong with the addresses that a load balancer has set."""
    field = "status.loadBalancer.ingress"
    ingresses = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    if ingresses and service["spec"]["type"] != "LoadBalancer":
        return [forbidden(field, "may only be used when `spec.type` is LoadBalancer")]
    return names.check_each(_ingress, ingresses, field)


def _type_rules(spec: Object, *, headless: bool) -> list[Cause]:
    kind = spec["type"]
    if kind in {"LoadBalancer", "NodePort"}:
        why = f"may not be set to 'None' for {kind} services"
        return [invalid("spec.clusterIPs[0]", "None", why)] if headless else []
    if kind != "ExternalName":
        return []
    causes = [
        forbidden(f"spec.{key}", "may not be set for ExternalName services")
        for key in ("clusterIPs", "ipFamilies", "ipFamilyPolicy")
        if spec.get(key)
    ]
    name = spec.get("externalName", "").removesuffix(".")
    return [*causes, *names.check_required(names.dns_subdomain, name, "spec.externalName")]


def _affinity(spec: Object) -> list[Cause]:
    kind, config = spec["sessionAffinity"], spec.get("sessionAffinityConfig")
    field = "spec.sessionAffinityConfig"
    if kind not in AFFINITIES:
        return [not_supported("spec.sessionAffinity", kind, AFFINITIES)]
    if kind == "None":
        return [forbidden(field, "must not be set when session affinity is None")] if config else []
    seconds = ((config or {}).get("clientIP") or {}).get("timeoutSeconds")
    if seconds is None:
        return [required(field, "when session affinity type is ClientIP")]
    if not 0 < seconds <= LONGEST_AFFINITY:
        why = f"must be greater than 0 and less than {LONGEST_AFFINITY}"
        return [invalid(f"{field}.clientIP.timeoutSeconds", seconds, why)]
    return []


def _external_address(address: str, field: str) -> list[Cause]:
    return names.check(names.address, address, field) or names.check(names.endpoint_address, address, field)


def _unique_ports(spec: Object) -> list[Cause]:
    """Refuse a number that two ports of one protocol share."""
    ports = spec.get("ports") or []
    causes: list[Cause] = []
    if spec["type"] == "ClusterIP":
        why = "may not be used when `type` is 'ClusterIP'"
        for index, port in enumerate(ports):
            if port.get("nodePort"):
                causes.append(forbidden(f"spec.ports[{index}].nodePort", why))
    for key, field in (("nodePort", ".nodePort"), ("port", "")):
        pairs: set[tuple[object, object]] = set()
        for index, port in enumerate(ports):
            pair = (port["protocol"], port.get(key))
            if pair in pairs and port.get(key):
                causes.append(duplicate(f"spec.ports[{index}]{field}", port[key] if field else _uniqueness(port)))
            pairs.add(pair)
    return causes


def _uniqueness(port: Object) -> Object:
    """The fields by which a port is unique, under the names that a real server gives them."""
    compared = {"Protocol": port["protocol"], "AppProtocol": None, "Port": port["port"], "TargetPort": 0, "NodePort": 0}
    return {"Name": "", **compared}


def _load_balancer(spec: Object) -> list[Cause]:
    is_load_balancer, causes = spec["type"] == "LoadBalancer", list[Cause]()
    only = "may only be used when `type` is 'LoadBalancer'"
    ranges = spec.get("loadBalancerSourceRanges") or []
    if ranges and not is_load_balancer:
        causes.append(forbidden("spec.LoadBalancerSourceRanges", only))
    for index, addresses in enumerate(ranges):
        causes += names.check(names.address_range, addresses.strip(), f"spec.LoadBalancerSourceRanges[{index}]")
    if spec.get("allocateLoadBalancerNodePorts") is not None and not is_load_balancer:
        causes.append(forbidden("spec.allocateLoadBalancerNodePorts", only))
    if spec.get("loadBalancerClass") is not None:
        if not is_load_balancer:
            causes.append(forbidden("spec.loadBalancerClass", only))
        else:
            causes += names.check(names.qualified_name, spec["loadBalancerClass"], "spec.loadBalancerClass")
    return causes


def _external_policy(spec: Object) -> list[Cause]:
    field, policy = "spec.externalTrafficPolicy", spec.get("externalTrafficPolicy", "")
    if not is_externally_accessible(spec):
        return [invalid(field, policy, "may only be set for externally-accessible services")] if policy else []
    return names.check_choice(POLICIES, policy, field) if policy else [required(field)]


def _health_check(spec: Object) -> list[Cause]:
    field, port = "spec.healthCheckNodePort", spec.get("healthCheckNodePort", 0)
    if not has_health_check(spec):
        why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        return [invalid(field, port, why)] if port else []
    return names.check_required(names.port_number, port, field)


def _internal_policy(spec: Object) -> list[Cause]:
    field, policy = "spec.internalTrafficPolicy", spec.get("internalTrafficPolicy")
    if policy is None:
        return [required(field)] if spec["type"] in {"ClusterIP", "LoadBalancer", "NodePort"} else []
    return names.check_choice(POLICIES, policy, field)


def _ingress(ingress: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    if ingress.get("ip"):
        causes += names.check(names.address, ingress["ip"], f"{field}.ip")
        if not ingress.get("ipMode"):
            causes.append(required(f"{field}.ipMode", "must be specified when `ip` is set"))
    elif ingress.get("ipMode"):
        causes.append(forbidden(f"{field}.ipMode", "may not be specified when `ip` is not set"))
    causes += names.check_choice(INGRESS_MODES, ingress.get("ipMode") or None, f"{field}.ipMode")
    if ingress.get("hostname"):
        causes += names.check(names.dns_subdomain, ingress["hostname"], f"{field}.hostname")
        if not names.address(ingress["hostname"]):
            causes.append(invalid(f"{field}.hostname", ingress["hostname"], "must be a DNS name, not an IP address"))
    return causes
