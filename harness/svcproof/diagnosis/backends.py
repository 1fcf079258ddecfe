"""Divergences of backends: one answers that should not, or one that should gets nothing."""

from collections.abc import Iterator

from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.phrases import listed, place, pod, sender, server, share
from svcproof.diagnosis.reasons import why_not
from svcproof.diagnosis.served import Served, local_only, port_endpoints, usable
from svcproof.model.divergence import Divergence


def unwanted(case: Case) -> Divergence | None:
    """A pod answers that should not: it has left, is not ready, is another Service's, or is ruled out by policy."""
    wrong = [(look, name) for look in case.looks for name in look.backends if _is_unwanted(case, look, name)]
    if not wrong:
        return None
    look, name = wrong[0]
    same = [other for other, backend in wrong if backend == name and other.target.protocol is look.target.protocol]
    senders = {sender(case, other) for other in same}
    others = {sender(case, other) for other in case.looks if other not in same} - senders
    match = case.served(look.target)
    count, total = sum(other.backends[name] for other in same), sum(other.total for other in same)
    still = "still sends" if _has_left(case, match, name) else "sends"
    if len(senders) > 1:
        still = still.replace("sends", "send")
    reason = why_not(case, look, match, name)
    sentence = (
        f"{listed(senders)} {still} {share(count, total, look.target.protocol)} to {place(case, look.target, match)}"
        f" on to {pod(case, name)}{f', {reason}' if reason else ''}"
    )
    if others:
        sentence += f"; {listed(others)} {'do' if len(others) > 1 else 'does'} not"
    return Divergence(
        sentence=sentence,
        node=server(case, look) if len(senders) == 1 else "",
        vantage=look.vantage,
        object=f"Pod {name}",
        at=look.at,
    )


def neglected(case: Case) -> Divergence | None:
    """Every probe is answered, and yet a pod that should get some gets none."""
    wanted = case.expectation.all_of
    if not wanted or not case.looks or any(look.answered < look.total for look in case.looks):
        return None
    seen = {name for look in case.looks for name in look.backends}
    missing = sorted(wanted - seen)
    if not missing:
        return None
    look = case.looks[0]
    match = case.served(look.target)
    senders = listed(sender(case, other) for other in case.looks)
    total = sum(other.total for other in case.looks)
    title = f"; {_named_by(case, match, missing)}" if match else ""
    sticky = _affinity(match)
    sentence = (
        f"{listed(pod(case, name) for name in missing)} {'get' if len(missing) > 1 else 'gets'} no"
        f" connection from {senders}: {share(total, total, look.target.protocol)} to"
        f" {place(case, look.target, match)} went to {listed(seen)}{title}{sticky}"
    )
    return Divergence(
        sentence=sentence,
        node=server(case, look) if len({server(case, other) for other in case.looks}) == 1 else "",
        vantage=look.vantage,
        object=f"Pod {missing[0]}",
        at=look.at,
    )


def fickle(case: Case) -> Divergence | None:
    """One client is sent to several backends where it should stay with one."""
    for look in case.looks:
        backends = look.backends_over_all if len(look.backends) < 2 else look.backends
        if not case.expectation.one_backend or len(backends) < 2:
            continue
        match = case.served(look.target)
        return Divergence(
            sentence=(
                f"{sender(case, look)} sends {look.vantage} on to {listed(pod(case, name) for name in backends)} for"
                f" {place(case, look.target, match)}, in turns, in place of to one of them{_affinity(match)}"
            ),
            node=server(case, look),
            vantage=look.vantage,
            object=match.title if match else "",
            at=look.at,
        )
    return None


def _is_unwanted(case: Case, look: Look, name: str) -> bool:
    expected = case.expectation
    if expected.answered is False or name in expected.not_by:
        return True
    if expected.within is not None:
        return name not in expected.within
    if expected.not_by or expected.one_backend:
        return False
    match = case.served(look.target)
    if match is None or match.until is not None:
        return False
    known = list(_eligible(case, match, look))
    return bool(known) and name not in known


def _eligible(case: Case, match: Served, look: Look) -> Iterator[str]:
    """The pods that may answer a look, by what EndpointSlices and policies say now."""
    node = server(case, look)
    local = local_only(match, inside=bool(look.node)) and node
    for endpoint in port_endpoints(case.view, match):
        if (endpoint.ready or endpoint.serving) and not (local and endpoint.node != node):
            yield case.view.pod_of(endpoint)


def _has_left(case: Case, match: Served | None, name: str) -> bool:
    dated = case.view.pod(name)
    gone = dated is not None and (dated.state.deleted or "deletionTimestamp" in dated.state.content.get("metadata", {}))
    return gone or bool(case.changes and match is not None)


def _named_by(case: Case, match: Served, missing: list[str]) -> str:
    endpoints = usable(port_endpoints(case.view, match))
    named = {case.view.pod_of(endpoint): endpoint for endpoint in endpoints}
    slices = {named[name].slice for name in missing if name in named}
    count = len(named)
    if slices:
        among = "these among them" if len(missing) > 1 else "this one among them"
        return f"EndpointSlice {listed(slices)} names {count} usable endpoint{'s' * (count != 1)}, {among}"
    return f"no EndpointSlice of {match.title} names {'them' if len(missing) > 1 else 'it'} ready"


def _affinity(match: Served | None) -> str:
    if match is None:
        return ""
    kind = match.service.spec.get("sessionAffinity") or "None"
    if kind == "None":
        return "; its sessionAffinity is None" if match.service.state.content else ""
    config = (match.service.spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    return f"; its sessionAffinity is {kind} for {config.get('timeoutSeconds', 10800)} s"
