"""Flows that connection tracking would go on sending to the wrong place.

A TCP connection ends with its endpoint. A UDP client may use one socket for ever, and the kernel translates its
packets as it did the first, so what it remembers must be put right: whenever the answers to a flow are expected from
anyone but an endpoint of the frontend it was sent to, the flow is forgotten and the next packet meets the rules anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from svcproof.reference_proxy.frontends import Frontends
from svcproof.reference_proxy.state import ServiceProtocol


@dataclass(frozen=True, slots=True)
class Flow:
    """A kind of UDP flow: sent to an address and port, and answered by an address and port."""

    address: str
    port: int
    answerer: str
    answerer_port: int


Flows = frozenset[Flow]
Targets = frozenset[tuple[str, int]]
"""Addresses and ports that flows are sent to."""
Stale = Callable[[Iterable[Flow], Frontends, Frontends], Flows]


def unsettled(before: Frontends | None, after: Frontends) -> Targets:
    """Return where flows may have become stale by a change, or by a start with an unknown past.

    Where endpoints have only joined, all flows were forgotten before that led to others, and without any endpoint a
    packet makes no flow.
    """
    old, new = _backends(before or ()), _backends(after)
    lost = {target for target, backends in old.items() if not backends <= new.get(target, frozenset())}
    return frozenset(lost | (new.keys() - old.keys()))


def stale(flows: Iterable[Flow], before: Frontends, after: Frontends) -> Flows:
    """Return the flows to forget; `before` holds the frontends of the rules that were replaced."""
    backends: dict[tuple[str, int], frozenset[tuple[str, int]]] = dict.fromkeys(_backends(before), frozenset())
    backends |= _backends(after)
    return frozenset(
        flow
        for flow in flows
        if (sent_to := (flow.address, flow.port)) in backends
        and (flow.answerer, flow.answerer_port) not in backends[sent_to]
    )


def _backends(frontends: Frontends) -> dict[tuple[str, int], frozenset[tuple[str, int]]]:
    return {
        (frontend.address, frontend.port): frozenset((end.address, end.port) for end in frontend.reachable)
        for frontend in frontends
        if frontend.protocol is ServiceProtocol.UDP
    }
