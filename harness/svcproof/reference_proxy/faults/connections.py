"""Open connections are cut by changes: those that came from outside, or those of the Service that changes."""

from dataclasses import replace
from itertools import count

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import ruling
from svcproof.reference_proxy.faults.recall import Destination, destination
from svcproof.reference_proxy.frontends import Frontend, Frontends
from svcproof.reference_proxy.ruleset import Chain, Ruleset
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node, ServiceProtocol

BEFORE_FORWARDING = "type filter hook forward priority -1;"
RESET = "reject with tcp reset"


def _cutting(rules: Ruleset, lines: tuple[str, ...]) -> Ruleset:
    return replace(rules, chains={**rules.chains, "cut": Chain(lines, BEFORE_FORWARDING)})


def _from_outside(rules: Ruleset, frontends: Frontends) -> str:
    """Return the match of connections to addresses other than ClusterIPs, empty if there are none."""
    addresses = sorted({frontend.address for frontend in frontends if not frontend.internal})
    match = f"ct status dnat meta l4proto tcp ct original {rules.family.nft} daddr"
    return f"{match} {{ {', '.join(addresses)} }}" if addresses else ""


def _with_every_change(stages: Stages) -> Stages:
    """Reset connections from outside that began under earlier rules."""
    changes = count(1)

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        number, match = next(changes), _from_outside(rules, frontends)
        lines = (f"{match} ct state new ct mark set {number}", f"{match} ct mark != {number} {RESET}")
        return _cutting(rules, lines if match else ())

    return ruling(change)(stages)


def _with_its_endpoint(stages: Stages) -> Stages:
    """Reset connections from outside to endpoints that were usable once and are not now."""
    known: set[str] = set()

    def change(rules: Ruleset, frontends: Frontends, node: Node) -> Ruleset:
        tcp = (frontend for frontend in frontends if frontend.protocol is ServiceProtocol.TCP)
        usable = {f"{end.address} . {end.port}" for frontend in tcp for end in frontend.reachable}
        gone, match = known - usable, _from_outside(rules, frontends)
        known.update(usable)
        to_gone = f"{match} {rules.family.nft} daddr . tcp dport {{ {', '.join(sorted(gone))} }} {RESET}"
        return _cutting(rules, (to_gone,) if gone and match else ())

    return ruling(change)(stages)


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
        match = f"ct status dnat meta l4proto tcp {sent_to}"
        return f"{match} ct state new ct mark set {number}", f"{match} ct mark != {number} {RESET}"

    return ruling(change)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "changes-cut-connections-from-outside",
        "With every change of the rules connections to addresses other than ClusterIPs are reset.",
        _with_every_change,
    ),
    Fault(
        "endpoint-removal-kills-tcp-from-outside",
        "Connections to addresses other than ClusterIPs are reset when their endpoint takes no new ones.",
        _with_its_endpoint,
        "https://github.com/cilium/cilium/issues/14844",
    ),
    Fault(
        "edit-cuts-connections-of-its-service",
        "When a Service is given a port or an endpoint, its open connections are reset.",
        _with_its_service,
    ),
)
