"""From frontends to rules. A new connection meets them in this order:

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
from svcproof.reference_proxy.frontends import Frontend, Frontends, Kind
from svcproof.reference_proxy.ruleset import Chain, Ruleset, Table
from svcproof.reference_proxy.state import Node, Policy

MASQUERADE = "meta mark set meta mark | 0x4000"
INVALID = "ct state invalid drop"
"""What connection tracking cannot place would not be translated back, and make the client reset its connection:
https://github.com/kubernetes/kubernetes/issues/74839"""
MASQUERADED = "meta mark & 0x4000 != 0 masquerade fully-random"


def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
    """Render everything this node needs for `frontends`."""
    chains = dict(_base_chains(family))
    tables: dict[str, Table] = {}
    for frontend in frontends:
        chains |= dict(_entry_chains(frontend, family.ranges(node.pod_ranges), family))
        chains |= dict(backend_chains(frontend, family))
        tables |= dict(memory(frontend, family))
    return Ruleset(family, chains, tables | dict(_tables(frontends, family)))


def destination(frontend: Frontend) -> str:
    """A frontend as the key of a map."""
    return f"{frontend.address} . {frontend.protocol.lower()} . {frontend.port}"


def entry(frontend: Frontend) -> str:
    """The chain where its traffic enters."""
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
    """Pods of this node keep their address; the answers to anyone else would not come through here by themselves."""
    if pods:
        yield f"{family.nft} saddr != {{ {', '.join(pods)} }} {MASQUERADE}"
    yield f"goto {frontend.policy.lower()}/{frontend.name}"


def _external(frontend: Frontend, pods: tuple[str, ...], family: Family) -> Iterator[str]:
    """With policy Local clients keep their address, and those on this node are served as if inside the cluster."""
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


def _tables(frontends: Frontends, family: Family) -> Iterator[tuple[str, Table]]:
    destinations = f"type {family.address_type} . inet_proto . inet_service : verdict;"
    served = {destination(one): f"goto {entry(one)}" for one in frontends if one.reachable}
    guarded = {destination(one): f"goto admission/{one.name}" for one in frontends if one.sources}
    yield "frontends", Table("map", destinations, served)
    yield "admission", Table("map", destinations, guarded)
    yield "unserved", Table("map", destinations, {destination(one): v for one in frontends if (v := _unserved(one))})
    addresses = {one.address: "" for one in frontends if one.kind is Kind.CLUSTER_IP}
    yield "cluster-ips", Table("set", f"type {family.address_type};", addresses)
    hairpins = {f"{ip} . {ip}": "" for one in frontends for ip in (end.address for end in one.reachable)}
    yield "hairpins", Table("set", f"type {family.address_type} . {family.address_type};", hairpins)


def _unserved(frontend: Frontend) -> str:
    """Drop where endpoints exist elsewhere: a client is to try again, or another node, rather than give up."""
    if frontend.policy is Policy.LOCAL and not frontend.local and frontend.cluster:
        return "drop"
    return "" if frontend.reachable else "goto refuse"
