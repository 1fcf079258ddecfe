"""The fields that a changed Service keeps of its former state, and those it loses with its former type."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.services.traits import (
    externally_accessible,
    has_cluster_ip,
    has_health_check,
    has_node_ports,
    node_ports,
    wants_node_ports,
)


def inherit(service: Object, old: Object) -> None:
    """Fill in, in place, values that were allocated and that an update left out."""
    spec, before = service["spec"], old["spec"]
    if has_cluster_ip(before) and has_cluster_ip(spec):
        for key in ("clusterIP", "clusterIPs"):
            if not spec.get(key) and before.get(key):
                spec[key] = before[key]
    if wants_node_ports(before) and wants_node_ports(spec):
        _inherit_node_ports(spec, before)
    if has_health_check(before) and has_health_check(spec) and not spec.get("healthCheckNodePort"):
        spec["healthCheckNodePort"] = before.get("healthCheckNodePort", 0)
    _align_cluster_ips(spec, before)


def drop_with_type(service: Object, old: Object) -> None:
    """Remove, in place, values that the new type has no use for and that the update did not change."""
    spec, before = service["spec"], old["spec"]
    if has_cluster_ip(before) and not has_cluster_ip(spec):
        if all(spec.get(key) == before.get(key) for key in ("clusterIP", "clusterIPs")):
            _drop(spec, "clusterIP", "clusterIPs")
        _drop_same(spec, before, "ipFamilies")
        _drop_same(spec, before, "ipFamilyPolicy")
    if has_node_ports(before) and not has_node_ports(spec) and set(node_ports(spec)) <= set(node_ports(before)):
        for port in spec.get("ports") or []:
            _drop(port, "nodePort")
    if has_health_check(before) and not has_health_check(spec):
        _drop_same(spec, before, "healthCheckNodePort")
    if before.get("type") == "LoadBalancer" != spec.get("type"):
        _drop_same(spec, before, "allocateLoadBalancerNodePorts")
        _drop_same(spec, before, "loadBalancerClass")
    if externally_accessible(before) and not externally_accessible(spec):
        _drop_same(spec, before, "externalTrafficPolicy")
    if spec.get("type") != "LoadBalancer":
        service["status"] = {**(service.get("status") or {}), "loadBalancer": {}}


def _inherit_node_ports(spec: Object, before: Object) -> None:
    """By the port's name, unless the number now serves another port."""
    used = set(node_ports(before)) & set(node_ports(spec))
    named = {port.get("name", ""): port.get("nodePort", 0) for port in before.get("ports") or []}
    for port in spec.get("ports") or []:
        held = named.get(port.get("name", ""), 0)
        if not port.get("nodePort") and held and held not in used:
            port["nodePort"] = held


def _align_cluster_ips(spec: Object, before: Object) -> None:
    """An update that knows clusterIP alone changes clusterIPs too."""
    if spec.get("clusterIP", "") == before.get("clusterIP", ""):
        return
    if (spec.get("clusterIPs") or []) == (before.get("clusterIPs") or []):
        if spec.get("clusterIP"):
            spec["clusterIPs"] = [spec["clusterIP"]]
        else:
            _drop(spec, "clusterIPs")


def _drop_same(spec: Object, before: Object, key: str) -> None:
    if spec.get(key) == before.get(key):
        _drop(spec, key)


def _drop(spec: Object, *keys: str) -> None:
    for key in keys:
        spec.pop(key, None)
