"""The drawing of Services: their spec, their labels, the addresses in their status; the plainest is drawn first."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from svcproof.explore.manifests import BY_HAND, OTHER_PROXY, Manifest, service

TYPES = ("ClusterIP", "NodePort", "LoadBalancer")
NUMBERS = (80, 81, 443)
PROTOCOLS = ("TCP", "UDP")
NAMES = ("a", "b", "c", "d")
APPS = ("echo", "db", "nobody")
"""Labels of pods: of sample pods, and of none."""
Draw = Any


def rarely(draw: Draw, of: int = 4) -> bool:
    """Draw True once in so many times; False is the plainer."""
    return bool(draw(st.integers(0, of - 1)) == of - 1)


def ports(draw: Draw, kind: str = "ClusterIP", *, selects: bool = False) -> list[Manifest]:
    """Draw one to three ports, told apart by number and protocol, each with a name where there are several.

    Those of a Service that selects pods lead to ports that the sample pods serve.
    """
    keys = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(PROTOCOLS))
    chosen = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    named = len(chosen) > 1 or rarely(draw)
    drawn = [
        {
            **({"name": f"{protocol.lower()}-{number}"} if named else {}),
            "protocol": protocol,
            "port": number,
            **({"targetPort": draw(st.sampled_from(targets_of(protocol)))} if selects else {}),
        }
        for number, protocol in chosen
    ]
    if kind == "NodePort" and rarely(draw):
        drawn[0]["nodePort"] = node_port(draw)
    if rarely(draw, 24):
        drawn = [{"name": "tcp-0", **drawn[0]}, *drawn[1:], {"name": "sctp", "protocol": "SCTP", "port": 80}]
    return drawn


def targets_of(protocol: str) -> tuple[int | str, ...]:
    """The targetPorts by which a Service finds a port that the sample pods serve."""
    return (8080, 8081, "main", "other") if protocol == "TCP" else (8080, 8081, 5353)


def node_port(draw: Draw) -> str:
    """Draw a node port by its number: one of few, so that Services hand it on."""
    return f"${{node-port-{draw(st.integers(1, 2))}}}"


def external_ips(draw: Draw, name: str) -> list[str]:
    """Draw externalIPs, often none: mostly the Service's own, sometimes one that others have, too."""
    own = f"${{external-{1 + NAMES.index(name)}}}"
    return [[own], [own, "${external-5}"], [], ["${external-5}"]][draw(st.integers(0, 3))]


def affinity(draw: Draw) -> Manifest:
    """Draw session affinity; the seconds are more than a world lasts."""
    if not draw(st.booleans()):
        return {"sessionAffinity": "None", "sessionAffinityConfig": None}
    return {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 600}}}


NESTED = (
    ("0.0.0.0/0", "${outside-1.address}/32"),
    ("203.0.113.0/24", "203.0.113.8/29"),
    ("${outside-1.address}/31", "${outside-1.address}/32"),
    ("0.0.0.0/0", "203.0.113.0/24", "203.0.113.8/29"),
)
"""Source ranges of which one lies in another."""


def source_ranges(draw: Draw) -> list[str]:
    """Draw loadBalancerSourceRanges: those of clients outside, pods and nodes, or one that nobody is in.

    Some lie in others, and seldom there are blanks around one, which the API takes.
    """
    own = ("${outside-1.address}/32", "${outside-2.address}/32", "${client-1.address}/32", "203.0.113.0/24")
    wider = ("203.0.113.8/29", "${outside-1.address}/31", "0.0.0.0/0", "2001:db8::/32")
    if rarely(draw):
        return list(draw(st.permutations(draw(st.sampled_from(NESTED)))))
    drawn: list[str] = draw(st.lists(st.sampled_from((*own, *own, *wider)), min_size=1, max_size=3, unique=True))
    return [f" {drawn[0]} ", *drawn[1:]] if rarely(draw, 12) else drawn


def ingress(draw: Draw, name: str) -> list[Manifest]:
    """Draw the addresses of a load balancer: mostly the Service's own, sometimes one that others have, too.

    Seldom it is known by a name instead, or besides.
    """
    modes: Sequence[Mapping[str, str]] = ({}, {}, {"ipMode": "VIP"}, {"ipMode": "Proxy"})
    own = {"ip": f"${{external-{6 + NAMES.index(name)}}}", **draw(st.sampled_from(modes))}
    shared = {"ip": "${external-5}", **draw(st.sampled_from(modes))}
    drawn = [[], [own], [own], [own], [own, shared], [shared]][draw(st.integers(0, 5))]
    return [*drawn, {"hostname": "balancer.example.com"}] if rarely(draw, 16) else drawn


def labels(draw: Draw) -> dict[str, str]:
    """Draw labels, mostly none."""
    return {OTHER_PROXY: "somebody"} if rarely(draw, 16) else {}


def spec_of_type(draw: Draw, kind: str) -> Manifest:
    """Draw the fields that a type has and others lack."""
    spec: Manifest = {"type": kind}
    if kind != "ClusterIP" and draw(st.booleans()):
        spec["externalTrafficPolicy"] = "Local"
    if kind == "LoadBalancer":
        spec["loadBalancerClass"] = BY_HAND
        if rarely(draw, 3):
            spec["loadBalancerSourceRanges"] = source_ranges(draw)
        if rarely(draw, 8):
            spec["allocateLoadBalancerNodePorts"] = False
    return spec


def draw_service(draw: Draw, name: str) -> Manifest:
    """Draw a Service, mostly without a selector."""
    if rarely(draw, 10):
        return headless(draw, name) if draw(st.booleans()) else external_name(draw, name)
    kind = draw(st.sampled_from(TYPES))
    selects = rarely(draw, 6)
    spec = spec_of_type(draw, kind) | {"ports": ports(draw, kind, selects=selects)}
    if selects:
        spec["selector"] = {"app": draw(st.sampled_from(APPS))}
    if rarely(draw, 3):
        spec["internalTrafficPolicy"] = "Local"
    if rarely(draw):
        spec |= {key: value for key, value in affinity(draw).items() if value is not None}
    if rarely(draw, 3) and (addresses := external_ips(draw, name)):
        spec["externalIPs"] = addresses
    if rarely(draw, 8):
        spec["trafficDistribution"] = draw(st.sampled_from(("PreferClose",)))
    return service(name, spec, labels(draw), ingress(draw, name) if kind == "LoadBalancer" else [])


def twin(draw: Draw, name: str, other: Manifest) -> Manifest:
    """Draw a Service of the type, ports and policies of another, with addresses and source ranges of its own."""
    spec = deepcopy(other["spec"])
    spec.pop("externalIPs", None)
    spec["ports"] = [{key: value for key, value in port.items() if key != "nodePort"} for port in spec.get("ports", ())]
    if "loadBalancerSourceRanges" in spec:
        spec["loadBalancerSourceRanges"] = source_ranges(draw)
    if "clusterIP" not in spec and spec["type"] != "ExternalName" and draw(st.booleans()):
        spec["externalIPs"] = external_ips(draw, name)
    return service(name, spec, {}, ingress(draw, name) if spec["type"] == "LoadBalancer" else [])


def external_name(draw: Draw, name: str) -> Manifest:
    """Draw a Service that is a name for another, until its type is edited."""
    return service(name, {"type": "ExternalName", "externalName": "example.com", "ports": ports(draw)}, {}, [])


def headless(draw: Draw, name: str) -> Manifest:
    """Draw a Service that is not proxied."""
    return service(name, {"type": "ClusterIP", "clusterIP": "None", "ports": ports(draw)}, {}, [])
