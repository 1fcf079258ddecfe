"""The drawing of edits of a Service: each of its mutable fields, and its end."""

from copy import deepcopy

from hypothesis import strategies as st

from svcproof.explore import drawn_services as services
from svcproof.explore.drafts import Drafts, Edit, Possible, Step, always, has
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.manifests import OTHER_PROXY, Manifest

OF_LOAD_BALANCERS = ("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts")
OF_OTHER_TYPES = ("externalTrafficPolicy", *OF_LOAD_BALANCERS)
OF_THE_PROXIED = (*OF_OTHER_TYPES, "internalTrafficPolicy", "sessionAffinity", "sessionAffinityConfig", "externalIPs")


def _delete(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [drafts.delete_service(name)]


def _exchange(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Delete a Service and make another of its name at once."""
    return [drafts.delete_service(name), make_again(draw, drafts, name)]


def make_again(draw: Draw, drafts: Drafts, name: str) -> Step:
    """Draw the step that makes a Service again which was deleted: under its name, as it was or otherwise."""
    before = drafts.gone.pop(name)
    return drafts.apply_service(deepcopy(before) if draw(st.booleans()) else services.draw_service(draw, name))


def _internal_policy(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [_other_policy(drafts, name, "internalTrafficPolicy")]


def _external_policy(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [_other_policy(drafts, name, "externalTrafficPolicy")]


def _other_policy(drafts: Drafts, name: str, key: str) -> Step:
    is_local = drafts.services[name]["spec"].get(key) == "Local"
    return drafts.patch_spec(name, {key: "Cluster" if is_local else "Local"})


def _affinity(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    has_affinity = drafts.services[name]["spec"].get("sessionAffinity", "None") == "ClientIP"
    if has_affinity and draw(st.booleans()):
        config = {"clientIP": {"timeoutSeconds": draw(st.sampled_from((900, 86400)))}}
        return [drafts.patch_spec(name, {"sessionAffinityConfig": config})]
    if has_affinity:
        return [drafts.patch_spec(name, {"sessionAffinity": "None", "sessionAffinityConfig": None})]
    config = {"clientIP": {"timeoutSeconds": 600}}
    return [drafts.patch_spec(name, {"sessionAffinity": "ClientIP", "sessionAffinityConfig": config})]


def _external_ips(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [drafts.patch_spec(name, {"externalIPs": services.external_ips(draw, name)})]


def _source_ranges(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    now = drafts.services[name]["spec"].get("loadBalancerSourceRanges")
    ranges = [] if now and draw(st.booleans()) else services.source_ranges(draw)
    return [drafts.patch_spec(name, {"loadBalancerSourceRanges": ranges})]


def _node_ports_allocated(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    now = drafts.services[name]["spec"].get("allocateLoadBalancerNodePorts", True)
    return [drafts.patch_spec(name, {"allocateLoadBalancerNodePorts": not now})]


def _all_ports(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    spec = drafts.services[name]["spec"]
    return [drafts.patch_spec(name, {"ports": services.ports(draw, spec["type"], selects="selector" in spec)})]


def _selector(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    now = drafts.services[name]["spec"]["selector"]["app"]
    app = draw(st.sampled_from([app for app in services.APPS if app != now]))
    return [drafts.patch_spec(name, {"selector": {"app": app}})]


def _status(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [drafts.patch_ingress(name, services.ingress(draw, name))]


def _type(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    spec = drafts.services[name]["spec"]
    now = spec["type"]
    new = draw(st.sampled_from([kind for kind in (*services.TYPES, "ExternalName") if kind != now]))
    if new == "ExternalName":
        dropped = [key for key in OF_THE_PROXIED if key in spec]
        return [drafts.patch_spec(name, dict.fromkeys(dropped) | {"type": new, "externalName": "example.com"})]
    dropped = [key for key in OF_OTHER_TYPES if key in spec and (new == "ClusterIP" or key in OF_LOAD_BALANCERS)]
    if now == "ExternalName":
        dropped.append("externalName")
    changed = dict.fromkeys(dropped) | services.spec_of_type(draw, new)
    if new == "ClusterIP" and any("nodePort" in port for port in spec["ports"]):
        changed["ports"] = [{key: value for key, value in port.items() if key != "nodePort"} for port in spec["ports"]]
    return [drafts.patch_spec(name, changed)]


def _labels(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    has = OTHER_PROXY in drafts.services[name]["metadata"].get("labels", {})
    return [drafts.patch_metadata("Service", name, "labels", {OTHER_PROXY: None if has else "somebody"})]


def _nothing(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Edit what a proxy has no business with."""
    if rarely(draw, 2):
        spec = {"publishNotReadyAddresses": not drafts.services[name]["spec"].get("publishNotReadyAddresses", False)}
        return [drafts.patch_spec(name, spec)]
    key = draw(st.sampled_from(("labels", "annotations")))
    return [drafts.patch_metadata("Service", name, key, {"example.com/note": draw(st.sampled_from(("a", "b")))})]


def _is_proxied(drafts: Drafts, name: str) -> bool:
    return is_proxied(drafts.services[name])


def is_proxied(service: Manifest) -> bool:
    """True unless the Service is headless or an ExternalName, most of whose fields the API server does not take."""
    return "clusterIP" not in service["spec"] and service["spec"]["type"] != "ExternalName"


def _is_external_name(drafts: Drafts, name: str) -> bool:
    return bool(drafts.services[name]["spec"]["type"] == "ExternalName")


def _has_external_ips(drafts: Drafts, name: str) -> int:
    return (1 + bool(drafts.services[name]["spec"].get("externalIPs"))) * _is_proxied(drafts, name)


def _type_weight(drafts: Drafts, name: str) -> int:
    """Most of an ExternalName is nothing to a proxy, until it becomes something else."""
    return (2 + 8 * _is_external_name(drafts, name)) * _is_not_headless(drafts, name)


def _has_selector(drafts: Drafts, name: str) -> bool:
    return "selector" in drafts.services[name]["spec"]


def _is_not_headless(drafts: Drafts, name: str) -> bool:
    return "clusterIP" not in drafts.services[name]["spec"]


def _of_load_balancers(drafts: Drafts, name: str) -> int:
    return 2 if drafts.services[name]["spec"]["type"] == "LoadBalancer" else 0


def _source_ranges_weight(drafts: Drafts, name: str) -> int:
    has_ranges = bool(drafts.services[name]["spec"].get("loadBalancerSourceRanges"))
    return (1 + has_ranges) * _of_load_balancers(drafts, name)


SERVICE_EDITS: dict[Edit, Possible] = {
    _delete: always,
    _internal_policy: _is_proxied,
    _affinity: _is_proxied,
    _external_ips: _has_external_ips,
    _all_ports: always,
    _type: _type_weight,
    _labels: always,
    _exchange: always,
    _nothing: always,
    _external_policy: has("type", "NodePort", "LoadBalancer"),
    _status: _of_load_balancers,
    _source_ranges: _source_ranges_weight,
    _node_ports_allocated: has("type", "LoadBalancer"),
    _selector: _has_selector,
}
"""The edits of a Service, each with its weight, 0 where it is not possible.

Those that are possible more often come first, so that they stay the same draw when a scenario is made smaller.
"""
