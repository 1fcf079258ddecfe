"""Open connections are cut by changes: all, those from outside, or those of the endpoint or Service that changes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from svcproof.fault import Fault
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation, ruling
from svcproof.reference_proxy.faults.recall import Destination, destination
from svcproof.reference_proxy.frontends import Frontend, Frontends
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Endpoint, Node, ServiceProtocol

BEFORE_FORWARDING = "type filter hook forward priority -1;"
RESET = "reject with tcp reset"
TCP = "ct status dnat meta l4proto tcp"
"""The match of connections to Services."""


def _cutting(rules: Ruleset, lines: tuple[str, ...]) -> Ruleset:
    return replace(rules, chains={**rules.chains, "cut": Chain(lines, BEFORE_FORWARDING)})


def _from_outside(rules: Ruleset, frontends: Frontends) -> str:
    """Return the match of connections to addresses other than ClusterIPs, empty if there are none."""
    addresses = sorted({frontend.address for frontend in frontends if not frontend.internal})
    match = f"{TCP} ct original {rules.family.nft} daddr"
    return f"{match} {{ {', '.join(addresses)} }}" if addresses else ""


def _with_every_change(match: Callable[[Ruleset, Frontends], str]) -> Mutation:
    """Mark matching connections with the number of the rules they began under, and reset those of earlier ones."""

    def apply(stages: Stages) -> Stages:
        changes = count(1)

        def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
            number, matching = next(changes), match(rules, frontends)
            lines = (f"{matching} ct state new ct mark set {number}", f"{matching} ct mark != {number} {RESET}")
            return _cutting(rules, lines if matching else ())

        return ruling(change)(stages)

    return apply


def _all(rules: Ruleset, frontends: Frontends) -> str:
    """Return the match of all connections to Services."""
    return TCP


def _with_its_endpoint(
    match: Callable[[Ruleset, Frontends], str] = _all, chosen: Callable[[Endpoint], bool] = lambda endpoint: True
) -> Mutation:
    """Reset matching connections to those of the `chosen` endpoints that were usable once and are not now."""

    def apply(stages: Stages) -> Stages:
        known: dict[Family, set[str]] = {}

        def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
            tcp = [frontend for frontend in frontends if frontend.protocol is ServiceProtocol.TCP]
            usable = [end for frontend in tcp for end in frontend.reachable]
            gone = known.setdefault(rules.family, set()) - {f"{end.address} . {end.port}" for end in usable}
            known[rules.family] |= {f"{end.address} . {end.port}" for end in usable if chosen(end)}
            matching = match(rules, frontends)
            to_gone = f"{matching} {rules.family.nft} daddr . tcp dport {{ {', '.join(sorted(gone))} }} {RESET}"
            return _cutting(rules, (to_gone,) if gone and matching else ())

        return ruling(change)(stages)

    return apply


def _with_its_service(stages: Stages) -> Stages:
    """Reset the connections of a Service when another port of it, or an endpoint, comes or goes."""
    known: dict[str, frozenset[Frontend]] = {}
    edits: dict[str, int] = {}

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        for service in {frontend.service for frontend in frontends}:
            now = frozenset(frontend for frontend in frontends if frontend.service == service)
            edits[service] = edits.get(service, 0) + (known.get(service, now) != now)
            known[service] = now
        tcp = (frontend for frontend in frontends if frontend.protocol is ServiceProtocol.TCP)
        return _cutting(
            rules, tuple(line for frontend in tcp for line in lines(rules, destination(frontend), frontend))
        )

    def lines(rules: Ruleset, place: Destination, frontend: Frontend) -> tuple[str, str]:
        address, _, port = place
        number = edits[frontend.service] + 1
        sent_to = f"ct original {rules.family.nft} daddr {address} ct original proto-dst {port}"
        match = f"{TCP} {sent_to}"
        return f"{match} ct state new ct mark set {number}", f"{match} ct mark != {number} {RESET}"

    return ruling(change)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "changes-cut-open-tcp",
        "With every change of the rules all open connections are reset.",
        _with_every_change(_all),
    ),
    Fault(
        "changes-cut-connections-from-outside",
        "With every change of the rules connections to addresses other than ClusterIPs are reset.",
        _with_every_change(_from_outside),
    ),
    Fault(
        "endpoint-removal-kills-open-tcp",
        "Open connections are reset when their endpoint takes no new ones.",
        _with_its_endpoint(),
        "https://github.com/kubernetes/kubernetes/issues/57841",
    ),
    Fault(
        "topology-evicts-terminating-cuts-connections",
        "Open connections are reset when their endpoint takes no new ones, where it has topology hints.",
        _with_its_endpoint(chosen=lambda endpoint: bool(endpoint.zones or endpoint.nodes)),
        "https://github.com/cilium/cilium/issues/48348",
    ),
    Fault(
        "endpoint-removal-kills-tcp-from-outside",
        "Connections to addresses other than ClusterIPs are reset when their endpoint takes no new ones.",
        _with_its_endpoint(_from_outside),
        "https://github.com/cilium/cilium/issues/14844",
    ),
    Fault(
        "edit-cuts-connections-of-its-service",
        "When a Service is given a port or an endpoint, its open connections are reset.",
        _with_its_service,
    ),
)
