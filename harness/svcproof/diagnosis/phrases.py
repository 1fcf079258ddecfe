"""The phrases of which the sentences of diagnoses are made."""

from collections.abc import Iterable

from svcproof.diagnosis.api_view import Endpoint
from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.served import Served, local_only, port_endpoints, usable
from svcproof.model.divergence import Divergence
from svcproof.model.probe import Protocol, Target

NOUNS = {
    Protocol.TCP: "connection",
    Protocol.HTTP: "request",
    Protocol.UDP: "datagram",
    Protocol.SCTP: "association",
}
FEW = 3
"""So many targets are named; of more, the number."""
OUTCOMES = {"torn-down": "torn down", "stranger": "answered by a stranger"}


def listed(items: Iterable[str], last: str = "and") -> str:
    """Some names in a row: `a, b and c`, each once and in order."""
    names = sorted(set(items))
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def share(count: int, total: int, protocol: Protocol) -> str:
    """So many of all: `3 of 20 connections`, `every connection`."""
    noun = NOUNS[protocol]
    if count == total:
        return f"every {noun}" if total > 1 else f"the {noun}"
    return f"{count} of {total} {noun}s"


def end(target: Target) -> str:
    """The address and port of a target, with its protocol unless that is TCP."""
    host = f"[{target.address}]" if ":" in target.address else target.address
    protocol = "" if target.protocol is Protocol.TCP else f"/{target.protocol}"
    return f"{host}:{target.port}{protocol}"


def places(case: Case, targets: Iterable[Target]) -> str:
    """Several targets, and whose they are: what is one Service's together."""
    by_owner: dict[str, list[str]] = {}
    for target in dict.fromkeys(targets):
        whole = place(case, target, case.served(target))
        by_owner.setdefault(whole.removeprefix(end(target)), []).append(end(target))
    names = sorted(f"{listed(ends)}{owner}" for owner, ends in by_owner.items())
    return listed(names) if len(names) <= FEW else f"{', '.join(names[:FEW])} and {len(names) - FEW} others"


def place(case: Case, target: Target, match: Served | None) -> str:
    """The target, and whose it is: `10.96.0.9:80 (ClusterIP of Service db)`."""
    if match is not None:
        return f"{end(target)} ({match.door} of {match.title})"
    owner = case.view.owner(target.address)
    return f"{end(target)} ({owner})" if owner else end(target)


def pod(case: Case, name: str) -> str:
    """A pod by its address and name: `10.244.1.7 (echo-1 on node-b)`."""
    dated = case.view.pod(name)
    if dated is None:
        return name
    addresses = (dated.state.content.get("status") or {}).get("podIPs") or ()
    node = dated.spec.get("nodeName")
    title = f"{name} on {node}" if node else name
    return f"{addresses[0]['ip']} ({title})" if addresses else title


def server(case: Case, look: Look) -> str:
    """The node whose rules decide on a probe: that of a node's address, or else the vantage's own; else empty."""
    return next((node.name for node in case.view.nodes if look.target.address in node.addresses), look.node)


def sender(case: Case, look: Look) -> str:
    """The node that handles the probes of a look, to begin a sentence with, though it may have no name."""
    return server(case, look) or f"the node that {look.vantage} reaches"


def diverged(case: Case, look: Look, sentence: str, of: str, node: str | None = None) -> Divergence:
    """The divergence that a look shows, of this object; its node is the one that decides, unless another is named."""
    return Divergence(
        sentence=sentence,
        node=server(case, look) if node is None else node,
        vantage=look.vantage,
        object=of,
        at=look.at,
    )


def seconds(duration: float) -> str:
    """A duration: `0.42 s`, `12.0 s`."""
    return f"{duration:.2f} s" if duration < 1 else f"{duration:.1f} s"


def outcome(value: str) -> str:
    """The outcome of a probe, as it stands after `is`."""
    return OUTCOMES.get(value, value)


def eligible(case: Case, match: Served, look: Look, endpoints: list[Endpoint] | None = None) -> list[Endpoint]:
    """The usable endpoints, or these, that policy lets a look reach: where it is Local, those of the node."""
    node = server(case, look)
    chosen = usable(port_endpoints(case.view, match)) if endpoints is None else endpoints
    local = local_only(match, inside=bool(look.node)) and node
    return [endpoint for endpoint in chosen if not local or endpoint.node == node]
