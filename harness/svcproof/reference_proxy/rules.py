"""The rules for the frontends. A new connection meets them in this order:

    prerouting, output   `admission`   who may connect to a load balancer's address at all
                         `frontends`   where it goes: cluster-ip/…, node-port/… and so on decide on masquerading and
                                       policy, cluster/… and local/… pick an endpoint, endpoint/… remembers the client
    input, forward,      `unserved`    what no endpoint can take is refused or dropped
    output
    postrouting          masquerade    what must come back this way

Names of chains end with the Service's port they are for: namespace/name/protocol/port.
"""

from collections.abc import Iterator

from svcproof.reference_proxy.backends import backend_chains, memory
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.ruleset import Chain, Ruleset, SetOrMap
from svcproof.reference_proxy.state import Node, Policy

MASQUERADE = "meta mark set meta mark | 0x4000"
INVALID = "ct state invalid drop"
"""Packets that connection tracking cannot place are not translated back, so that the client resets its connection:
https://github.com/kubernetes/kubernetes/issues/74839"""
MASQUERADED = "meta mark & 0x4000 != 0 masquerade fully-random"


def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
    """Return the rules of this node for `frontends`."""
    chains = dict(_base_chains(family))
    sets: dict[str, SetOrMap] = {}
    for frontend in frontends:
        chains |= dict(_entry_chains(frontend, family.ranges(node.pod_ranges), family))
        chains |= dict(backend_chains(frontend, family))
        sets |= dict(memory(frontend, family))
    return Ruleset(family, chains, sets | dict(_sets(frontends, family)))


def destination(frontend: Frontend) -> str:
    """Return the key of a frontend in a map."""
    return f"{frontend.address} . {frontend.protocol.lower()} . {frontend.port}"


def entry(frontend: Frontend) -> str:
    """Return the name of the chain that the frontend's traffic enters."""
    return f"{frontend.kind}/{frontend.name}"


def _base_chains(family: Family) -> Iterator[tuple[str, Chain]]:
    to_frontend = f"{family.nft} daddr . meta l4proto . th dport vmap"
    admit = (f"ct state new {to_frontend} @admission",)
    yield "admit-arriving", Chain(admit, "type filter hook prerouting priority -110;")
    yield "admit-own", Chain(admit, "type filter hook output priority -110;")

    translate = (f"{to_frontend} @frontends",)
    yield "translate-arriving", Chain(translate, "type nat hook prerouting priority -100;")
    yield "translate-own", Chain(translate, "type nat hook output priority -100;")

    unserved = f"ct state new {to_frontend} @unserved"
    undeclared = f"ct state new {family.nft} daddr @cluster-ips goto refuse"
    yield "refuse-arriving", Chain((unserved,), "type filter hook input priority 0;")
    yield "refuse-passing", Chain((INVALID, unserved, undeclared), "type filter hook forward priority 0;")
    yield "refuse-own", Chain((unserved, undeclared), "type filter hook output priority 0;")
    yield "refuse", Chain(("meta l4proto tcp reject with tcp reset", "reject"))

    hairpin = f"ct status dnat {family.nft} saddr . {family.nft} daddr @hairpins masquerade fully-random"
    yield "leave", Chain((MASQUERADED, hairpin), "type nat hook postrouting priority 100;")


def _entry_chains(frontend: Frontend, pods: tuple[str, ...], family: Family) -> Iterator[tuple[str, Chain]]:
    if frontend.sources:
        admitted = f"{family.nft} saddr != {{ {', '.join(frontend.sources)} }} drop"
        yield f"admission/{frontend.name}", Chain((admitted,))
    if frontend.reachable:
        enter = _internal(frontend, pods, family) if frontend.internal else _external(frontend, pods, family)
        yield entry(frontend), Chain(tuple(enter))


def _internal(frontend: Frontend, pods: tuple[str, ...], family: Family) -> Iterator[str]:
    """Yield the rules of a ClusterIP: masquerade all but pods of this node, or answers would not come back this way."""
    if pods:
        yield f"{family.nft} saddr != {{ {', '.join(pods)} }} {MASQUERADE}"
    yield f"goto {frontend.policy.lower()}/{frontend.name}"


def _external(frontend: Frontend, pods: tuple[str, ...], family: Family) -> Iterator[str]:
    """Yield the rules of an external address.

    With policy Local clients keep their address, and those on this node are served as if inside the cluster.
    """
    if frontend.policy is Policy.CLUSTER:
        yield MASQUERADE
        yield f"goto cluster/{frontend.name}"
        return
    if frontend.cluster:
        if pods:
            yield f"{family.nft} saddr {{ {', '.join(pods)} }} goto cluster/{frontend.name}"
        yield f"fib saddr type local {MASQUERADE} goto cluster/{frontend.name}"
    if frontend.local:
        yield f"goto local/{frontend.name}"


def _sets(frontends: Frontends, family: Family) -> Iterator[tuple[str, SetOrMap]]:
    destinations = f"type {family.address_type} . inet_proto . inet_service : verdict;"
    served = {destination(frontend): f"goto {entry(frontend)}" for frontend in frontends if frontend.reachable}
    guarded = {destination(frontend): f"goto admission/{frontend.name}" for frontend in frontends if frontend.sources}
    yield "frontends", SetOrMap("map", destinations, served)
    yield "admission", SetOrMap("map", destinations, guarded)
    unserved = {destination(frontend): verdict for frontend in frontends if (verdict := _unserved(frontend))}
    yield "unserved", SetOrMap("map", destinations, unserved)
    addresses = {frontend.address: "" for frontend in frontends if frontend.kind is FrontendKind.CLUSTER_IP}
    yield "cluster-ips", SetOrMap("set", f"type {family.address_type};", addresses)
    hairpins = {f"{end.address} . {end.address}": "" for frontend in frontends for end in frontend.reachable}
    yield "hairpins", SetOrMap("set", f"type {family.address_type} . {family.address_type};", hairpins)


def _unserved(frontend: Frontend) -> str:
    """Return the verdict on traffic that no endpoint takes, empty if one does.

    It is dropped if there are endpoints elsewhere: the client then tries again, or another node, and does not give up.
    """
    if frontend.policy is Policy.LOCAL and not frontend.local and frontend.cluster:
        return "drop"
    return "" if frontend.reachable else "goto refuse"
