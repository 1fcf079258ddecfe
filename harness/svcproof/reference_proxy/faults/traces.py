"""The rules remember endpoints that are gone, or forget clients."""

from dataclasses import replace
from itertools import count

from svcproof.fault import Fault
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import ruling
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.ruleset import TABLE, Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, ServiceProtocol

CLIENTS = "saddr @clients/"


def _pinning(stages: Stages) -> Stages:
    """Keep looking for a client among those of endpoints no longer usable, before all others."""
    last: dict[Family, Ruleset] = {}

    def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
        now = stages.rules(frontends, node, family)
        last[family] = _pinned(last[family], now) if family in last else now
        return last[family]

    return replace(stages, rules=rules)


def _pinned(before: Ruleset, now: Ruleset) -> Ruleset:
    chains = dict(now.chains)
    for name, chain in now.chains.items():
        old = before.chains.get(name, Chain(())).rules
        if any(CLIENTS in rule for rule in chain.rules):
            kept = tuple(rule for rule in old if CLIENTS in rule and rule not in chain.rules)
            chains[name] = replace(chain, rules=kept + chain.rules)
    endpoints = {name: chain for name, chain in before.chains.items() if name.startswith("endpoint/")}
    clients = {name: table for name, table in before.sets.items() if table.elements is None}
    return replace(now, chains={**endpoints, **chains}, sets={**clients, **now.sets})


def _pinning_datagrams(stages: Stages) -> Stages:
    """The same for UDP alone."""
    pinned = _pinning(stages)

    def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
        now, then = stages.rules(frontends, node, family), pinned.rules(frontends, node, family)
        chains = {name: now.chains.get(name, chain) for name, chain in then.chains.items() if "/udp/" not in name}
        return replace(then, chains={**then.chains, **chains})

    return replace(stages, rules=rules)


def _sharing_clients(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
    """Look for a client among those of the endpoints of all Services with affinity."""
    chains = dict(rules.chains)
    sticky = [frontend for frontend in frontends if f"cluster/{frontend.name}" in chains and frontend.affinity]
    known = {
        frontend.name: tuple(rule for rule in chains[f"cluster/{frontend.name}"].rules if CLIENTS in rule)
        for frontend in sticky
    }
    for frontend in sticky:
        others = {one.name for one in sticky if one.protocol is frontend.protocol} - {frontend.name}
        name = f"cluster/{frontend.name}"
        foreign = tuple(rule for other in sorted(others) for rule in known[other])
        chains[name] = replace(rules.chains[name], rules=foreign + rules.chains[name].rules)
    return replace(rules, chains=chains)


def _forgetting(stages: Stages) -> Stages:
    """Empty the sets of clients with every change."""

    def change(loaded: Ruleset | None, wanted: Ruleset) -> tuple[str, ...]:
        steps = stages.change(loaded, wanted)
        kept = (
            {name for name, nft_set in loaded.sets.items() if nft_set.elements is None} if loaded and steps else set()
        )
        table = f"{wanted.family.nft} {TABLE}"
        return (*steps, *(f"flush set {table} {name}\n" for name in sorted(kept & wanted.sets.keys())))

    return replace(stages, change=change)


def _cutting(stages: Stages) -> Stages:
    """Reset the connections of endpoints that were usable once and are not now."""
    known: dict[Family, set[str]] = {}

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        tcp = (frontend for frontend in frontends if frontend.protocol is ServiceProtocol.TCP)
        usable = {f"{end.address} . {end.port}" for frontend in tcp for end in frontend.reachable}
        gone = known.setdefault(rules.family, set()) - usable
        known[rules.family] |= usable
        destinations = f"{rules.family.nft} daddr . tcp dport {{ {', '.join(sorted(gone))} }}"
        cut = (f"ct status dnat {destinations} reject with tcp reset",) if gone else ()
        return replace(rules, chains={**rules.chains, "cut": Chain(cut, "type filter hook forward priority -1;")})

    return ruling(change)(stages)


def _cutting_all(stages: Stages) -> Stages:
    """Mark connections with the number of the rules they began under, and reset those of earlier ones."""
    changes = count(1)

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        number, translated = next(changes), "ct status dnat meta l4proto tcp"
        begin = f"{translated} ct state new ct mark set {number}"
        cut = Chain(
            (begin, f"{translated} ct mark != {number} reject with tcp reset"), "type filter hook forward priority -1;"
        )
        return replace(rules, chains={**rules.chains, "cut": cut})

    return ruling(change)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "changes-cut-open-tcp",
        "With every change of the rules all open connections are reset.",
        _cutting_all,
    ),
    Fault(
        "affinity-pins-unready-endpoint",
        "With session affinity a client stays with its endpoint when that is no longer usable.",
        _pinning,
        "https://github.com/kubernetes/kubernetes/issues/110302",
    ),
    Fault(
        "affinity-of-datagrams-pins-unready-endpoint",
        "With session affinity a UDP client stays with its endpoint when that is no longer usable.",
        _pinning_datagrams,
    ),
    Fault(
        "affinity-shared-by-services",
        "A client that affinity keeps on an endpoint of one Service is sent there by all Services that have affinity.",
        ruling(_sharing_clients),
    ),
    Fault(
        "affinity-lost-on-update",
        "With every change of the rules clients lose the endpoint they were kept on.",
        _forgetting,
    ),
    Fault(
        "endpoint-removal-kills-open-tcp",
        "Open connections are reset when their endpoint takes no new ones.",
        _cutting,
        "https://github.com/kubernetes/kubernetes/issues/57841",
    ),
)
