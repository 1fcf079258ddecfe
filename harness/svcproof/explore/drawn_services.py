"""The drawing of Services: their spec, their labels, the addresses in their status; the plainest is drawn first."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from svcproof.explore.manifests import BY_HAND, OTHER_PROXY, Manifest, service

TYPES = ("ClusterIP", "NodePort", "LoadBalancer")
NUMBERS = (80, 81, 443)
POLICIES = ("Cluster", "Local")
Draw = Any


def rarely(draw: Draw, of: int = 4) -> bool:
    """Draw True once in so many times; False is the plainer."""
    return bool(draw(st.integers(0, of - 1)) == of - 1)


def ports(draw: Draw) -> list[Manifest]:
    """Draw one to three ports, told apart by number and protocol, each with a name where there are several."""
    keys = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(("TCP", "UDP")))
    chosen = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    named = len(chosen) > 1 or rarely(draw)
    return [
        {
            **({"name": f"{protocol.lower()}-{number}"} if named else {}),
            "protocol": protocol,
            "port": number,
            **({"targetPort": 8081} if rarely(draw) else {}),
        }
        for number, protocol in chosen
    ]


def external_ips(draw: Draw) -> list[str]:
    """Draw externalIPs, often none."""
    return ["${external-1}", "${external-2}"][: draw(st.sampled_from((1, 2, 0)))]


def affinity(draw: Draw) -> Manifest:
    """Draw session affinity; the seconds are more than a world lasts."""
    if not draw(st.booleans()):
        return {"sessionAffinity": "None", "sessionAffinityConfig": None}
    return {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 600}}}


def source_ranges(draw: Draw) -> list[str]:
    """Draw loadBalancerSourceRanges: those of clients outside, pods and nodes, or one that nobody is in."""
    ranges = ("${outside-1.address}/32", "${outside-2.address}/32", "${client-1.address}/32", "203.0.113.0/24")
    return list(draw(st.lists(st.sampled_from(ranges), min_size=1, max_size=2, unique=True)))


def ingress(draw: Draw) -> list[Manifest]:
    """Draw the addresses of a load balancer."""
    modes: Sequence[Mapping[str, str]] = ({}, {"ipMode": "VIP"}, {"ipMode": "Proxy"})
    entries = [{"ip": f"${{external-{number}}}", **draw(st.sampled_from(modes))} for number in (3, 4)]
    return entries[: draw(st.sampled_from((0, 1, 1, 2)))]


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
        if rarely(draw):
            spec["loadBalancerSourceRanges"] = source_ranges(draw)
        if rarely(draw, 8):
            spec["allocateLoadBalancerNodePorts"] = False
    return spec


def draw_service(draw: Draw, name: str) -> Manifest:
    """Draw a Service without a selector."""
    kind = draw(st.sampled_from(TYPES))
    spec = spec_of_type(draw, kind) | {"ports": ports(draw)}
    if rarely(draw, 3):
        spec["internalTrafficPolicy"] = "Local"
    if rarely(draw):
        spec |= {key: value for key, value in affinity(draw).items() if value is not None}
    if rarely(draw) and (addresses := external_ips(draw)):
        spec["externalIPs"] = addresses
    if rarely(draw, 8):
        spec["trafficDistribution"] = draw(st.sampled_from(("PreferClose",)))
    return service(name, spec, labels(draw), ingress(draw) if kind == "LoadBalancer" else [])
