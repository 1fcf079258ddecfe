"""Divergences of answers: a backend sees another source address than it should, or is reached at another port."""

from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import diverged, listed, place, sender, share
from svcproof.diagnosis.served import port_endpoints
from svcproof.model.divergence import Divergence


def masked(case: Case) -> Divergence | None:
    """A backend sees another source address than it should."""
    expected = case.expectation.sources
    for look in case.looks:
        for probe, _ in look.seen:
            if not expected or probe.answer is None or probe.answer.source in expected:
                continue
            match = case.served(look.target)
            source = _named(case, probe.answer.source)
            wanted = listed(_named(case, address) for address in expected)
            return diverged(
                case,
                look,
                (
                    f"{probe.answer.pod} on {probe.answer.node} sees {source} in place of {wanted}"
                    f" when {look.vantage} connects to"
                    f" {place(case, look.target, match)} by way of {sender(case, look)}"
                ),
                match.title if match else "",
            )
    return None


def misdirected(case: Case) -> Divergence | None:
    """A backend is reached at a port that no EndpointSlice names for this port of the Service."""
    for look in case.looks:
        match = case.served(look.target)
        named = {endpoint.port for endpoint in port_endpoints(case.view, match)} if match else set()
        wanted = case.expectation.ports or (named if match and match.until is None else set())
        for probe, _ in look.seen:
            answer = probe.answer
            if not wanted or match is None or answer is None or answer.port in wanted:
                continue
            slices = listed({endpoint.slice for endpoint in port_endpoints(case.view, match)})
            return diverged(
                case,
                look,
                (
                    f"{sender(case, look)} sends {place(case, look.target, match)} on to port {answer.port} of"
                    f" {answer.pod} on {answer.node}; EndpointSlice {slices} names port {listed(map(str, named))}"
                ),
                match.title,
            )
    return None


def resent(case: Case) -> Divergence | None:
    """Connections are answered, but only once the client's kernel has sent a segment again."""
    if "sent again" not in case.expectation.words:
        return None
    for look in case.looks:
        late = sum(count for probe, count in look.over_all if probe.resent)
        total = sum(count for _, count in look.over_all)
        if late:
            match = case.served(look.target)
            pods = listed({probe.answer.pod for probe, _ in look.over_all if probe.resent and probe.answer})
            return diverged(
                case,
                look,
                (
                    f"{sender(case, look)} loses the first segment of {share(late, total, look.target.protocol)} from"
                    f" {look.vantage} to {place(case, look.target, match)}; {pods} answered once it was sent again"
                ),
                match.title if match else "",
            )
    return None


def _named(case: Case, address: str) -> str:
    owner = case.view.owner(address)
    return f"{address} ({owner})" if owner else address
