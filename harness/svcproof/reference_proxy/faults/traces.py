"""The rules remember endpoints that are gone, or forget clients."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints, Usable
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import ruling
from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.ruleset import TABLE, Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node

CLIENTS = "saddr @clients/"


def _pinning(stages: Stages) -> Stages:
    """Keep looking for a client among those of endpoints no longer usable, before all others."""
    last: dict[Family, Ruleset] = {}

    def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
        now = stages.rules(frontends, node, family)
        last[family] = _pinned(last[family], now) if family in last else now
        return last[family]

    return replace(stages, rules=rules)


def _pinning_the_terminating(stages: Stages) -> Stages:
    """Keep looking for a client among those of endpoints that terminate, before all others."""
    last: dict[Family, Ruleset] = {}
    ending: set[str] = set()

    def choose(listed: Endpoints, node: Node) -> Usable:
        ending.update(f"{end.address}/{end.port} " for end in listed if end.terminating and end.serving)
        return stages.choose(listed, node)

    def is_ending(rule: str) -> bool:
        return any(place in rule for place in ending)

    def rules(frontends: Frontends, node: Node, family: Family) -> Ruleset:
        now = stages.rules(frontends, node, family)
        last[family] = _pinned(last[family], now, is_ending) if family in last else now
        return last[family]

    return replace(stages, choose=choose, rules=rules)


def _pinned(before: Ruleset, now: Ruleset, is_kept: Callable[[str], bool] = bool) -> Ruleset:
    chains = dict(now.chains)
    for name, chain in now.chains.items():
        old = before.chains.get(name, Chain(())).rules
        if any(CLIENTS in rule for rule in chain.rules):
            kept = tuple(rule for rule in old if CLIENTS in rule and rule not in chain.rules and is_kept(rule))
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


FAULTS: tuple[Fault[Stages], ...] = (
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
        "affinity-pins-terminating-endpoint",
        "With session affinity a client stays with its endpoint while that terminates, though others are ready.",
        _pinning_the_terminating,
        "https://github.com/cilium/cilium/issues/27096",
    ),
)
