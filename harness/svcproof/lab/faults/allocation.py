"""Faults of the API server's allocation: the numbers that a Service can be given wrongly."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.apiserver.allocation import Claim
from svcproof.lab.apiserver.allocation.pools import NodePorts
from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.apiserver.services import has_cluster_ip

BELOW = 1000
"""Ports in the range below the declared one."""


def _settling(change: Callable[[Object, Object, Claim], Object]) -> Callable[[Rules], Rules]:
    """Store what `change` makes of a Service's spec, given the spec before (empty at creation)."""

    def mutate(rules: Rules) -> Rules:
        def settle(service: Object, old: Object | None, claim: Claim) -> Object:
            sound = rules.settle(service, old, claim)
            return with_spec(sound, **change(sound["spec"], old["spec"] if old else {}, claim))

        return replace(rules, settle=settle)

    return mutate


def _below_the_range(rules: Rules) -> Rules:
    def take_port(ports: NodePorts, requested: int) -> int:
        if requested:
            return rules.take_port(ports, requested)
        return ports.take_any(range(ports.valid.start - BELOW, ports.valid.start))

    return replace(rules, take_port=take_port)


def _unasked(rules: Rules) -> Rules:
    return replace(rules, take_port=lambda ports, requested: rules.take_port(ports, 0))


def _without_node_ports(spec: Object, before: Object, claim: Claim) -> Object:
    if spec["type"] != "LoadBalancer":
        return {}
    for port in spec["ports"]:
        claim.release_port(port.get("nodePort", 0))
    return {"ports": [{key: value for key, value in port.items() if key != "nodePort"} for port in spec["ports"]]}


def _with_node_ports(spec: Object, before: Object, claim: Claim) -> Object:
    if spec["type"] != "LoadBalancer":
        return {}
    return {"ports": [{**port, "nodePort": port.get("nodePort") or claim.port()} for port in spec["ports"]]}


def _address_kept(spec: Object, before: Object, claim: Claim) -> Object:
    if has_cluster_ip(spec) or not before.get("clusterIP"):
        return {}
    return {key: before[key] for key in ("clusterIP", "clusterIPs")}


def _address_nonetheless(spec: Object, before: Object, claim: Claim) -> Object:
    if spec.get("clusterIP") != "None":
        return {}
    address = claim.address(claim.pools.families[0])
    return {"clusterIP": address, "clusterIPs": [address]}


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "node-port-out-of-range",
        "Node ports that are not asked for by number are taken from below the declared range.",
        _below_the_range,
    ),
    Fault(
        "requested-node-port-ignored",
        "Whoever asks for a node port by number is given another, also if it is taken or out of range.",
        _unasked,
    ),
    Fault(
        "no-node-port-for-load-balancer",
        "A Service of type LoadBalancer gets no node ports.",
        _settling(_without_node_ports),
    ),
    Fault(
        "node-ports-despite-setting",
        "allocateLoadBalancerNodePorts: false is ignored.",
        _settling(_with_node_ports),
    ),
    Fault(
        "external-name-keeps-cluster-ip",
        "A Service that is made an ExternalName keeps its ClusterIP.",
        _settling(_address_kept),
    ),
    Fault(
        "headless-gets-cluster-ip",
        'A Service that asks for the ClusterIP "None" gets one all the same.',
        _settling(_address_nonetheless),
    ),
)
