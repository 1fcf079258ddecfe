"""The fields that a Service of a type has."""

from svcproof.json_objects import Object


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
