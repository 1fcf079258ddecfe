"""The fields that a changed Service keeps of its former state, and those it loses with its former type."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.services import (
    has_cluster_ip,
    has_health_check,
    has_node_ports,
    is_externally_accessible,
    node_ports,
    wants_node_ports,
)


def inherit(service: Object, old: Object) -> None:
    """Fill in, in place, values that were allocated and that an update left out."""
    spec, old_spec = service["spec"], old["spec"]
    if has_cluster_ip(old_spec) and has_cluster_ip(spec):
        for key in ("clusterIP", "clusterIPs"):
            if not spec.get(key) and old_spec.get(key):
                spec[key] = old_spec[key]
    if wants_node_ports(old_spec) and wants_node_ports(spec):
        _inherit_node_ports(spec, old_spec)
    if has_health_check(old_spec) and has_health_check(spec) and not spec.get("healthCheckNodePort"):
        spec["healthCheckNodePort"] = old_spec.get("healthCheckNodePort", 0)
    _align_cluster_ips(spec, old_spec)


def drop_with_type(service: Object, old: Object) -> None:
    """Remove, in place, values that the new type has no use for and that the update did not change."""
    spec, old_spec = service["spec"], old["spec"]
    if has_cluster_ip(old_spec) and not has_cluster_ip(spec):
        if all(spec.get(key) == old_spec.get(key) for key in ("clusterIP", "clusterIPs")):
            _drop(spec, "clusterIP", "clusterIPs")
        _drop_same(spec, old_spec, "ipFamilies")
        _drop_same(spec, old_spec, "ipFamilyPolicy")
    if has_node_ports(old_spec) and not has_node_ports(spec) and set(node_ports(spec)) <= set(node_ports(old_spec)):
        for port in spec.get("ports") or []:
            _drop(port, "nodePort")
    if has_health_check(old_spec) and not has_health_check(spec):
        _drop_same(spec, old_spec, "healthCheckNodePort")
    if old_spec.get("type") == "LoadBalancer" != spec.get("type"):
        _drop_same(spec, old_spec, "allocateLoadBalancerNodePorts")
        _drop_same(spec, old_spec, "loadBalancerClass")
    if is_externally_accessible(old_spec) and not is_externally_accessible(spec):
        _drop_same(spec, old_spec, "externalTrafficPolicy")
    if spec.get("type") != "LoadBalancer":
        service["status"] = {**(service.get("status") or {}), "loadBalancer": {}}


def _inherit_node_ports(spec: Object, old_spec: Object) -> None:
    """Keep node ports by the port's name, unless the number now serves another port."""
    used = set(node_ports(old_spec)) & set(node_ports(spec))
    old_ports = {port.get("name", ""): port.get("nodePort", 0) for port in old_spec.get("ports") or []}
    for port in spec.get("ports") or []:
        old_port = old_ports.get(port.get("name", ""), 0)
        if not port.get("nodePort") and old_port and old_port not in used:
            port["nodePort"] = old_port


def _align_cluster_ips(spec: Object, old_spec: Object) -> None:
    """Let an update of clusterIP alone change clusterIPs too."""
    if spec.get("clusterIP", "") == old_spec.get("clusterIP", ""):
        return
    if (spec.get("clusterIPs") or []) == (old_spec.get("clusterIPs") or []):
        if spec.get("clusterIP"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        else:
            _drop(spec, "clusterIPs")


def _drop_same(spec: Object, old_spec: Object, key: str) -> None:
    if spec.get(key) == old_spec.get(key):
        _drop(spec, key)


def _drop(spec: Object, *keys: str) -> None:
    for key in keys:
        spec.pop(key, None)
