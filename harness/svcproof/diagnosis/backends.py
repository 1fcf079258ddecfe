"""Divergences of backends: one answers that should not, or one that should gets nothing."""

from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.phrases import NOUNS, diverged, eligible, listed, place, pod, seconds, sender, server, share
from svcproof.diagnosis.reasons import why_not
from svcproof.diagnosis.served import Served, local_only, port_endpoints, usable
from svcproof.model.divergence import Divergence
from svcproof.model.event import Verb

ENOUGH = 10
"""Probes for each endpoint; that one of two is missed by so many is a matter of chance once in a million."""


def unwanted(case: Case) -> Divergence | None:
    """A pod answers that should not: it has left, is not ready, is another Service's, or is ruled out by policy."""
    wrong = [(look, name) for look in case.looks for name in look.backends if _is_unwanted(case, look, name)]
    if not wrong:
        return None
    look, name = wrong[0]
    match = case.served(look.target)
    same = [other for other, backend in wrong if backend == name and _is_alike(case, match, look, other)]
    senders = {sender(case, other) for other in same}
    alike = [other for other in case.looks if _is_alike(case, match, look, other)]
    others = {sender(case, other) for other in alike} - senders
    reason = why_not(case, look, match, name)
    names = [each for each in _wrong_backends(wrong, same) if why_not(case, look, match, each) == reason]
    count, total = sum(other.backends[each] for other in same for each in names), sum(other.total for other in same)
    still = "still sends" if _has_left(case, match, name) else "sends"
    if len(senders) > 1:
        still = still.replace("sends", "send")
    sentence = (
        f"{listed(senders)} {still} {share(count, total, look.target.protocol)} to {place(case, look.target, match)}"
        f" on to {listed(pod(case, each) for each in names)}{f', {reason}' if reason else ''}"
    )
    if others:
        sentence += f"; {listed(others)} {'do' if len(others) > 1 else 'does'} not{_stopped(case, others)}"
    return diverged(case, look, sentence, f"Pod {name}", node=server(case, look) if len(senders) == 1 else "")


def _wrong_backends(wrong: list[tuple[Look, str]], looks: list[Look]) -> dict[str, None]:
    """The pods that should not answer and do in these looks, each once and in order."""
    return dict.fromkeys(name for look, name in wrong if look in looks)


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
        f" {NOUNS[look.target.protocol]} from {senders}: {share(total, total, look.target.protocol)} to"
        f" {place(case, look.target, match)} went to {listed(seen)}{title}{sticky}"
    )
    return diverged(
        case,
        look,
        sentence,
        f"Pod {missing[0]}",
        node=server(case, look) if len({server(case, other) for other in case.looks}) == 1 else "",
    )


def missed(case: Case) -> Divergence | None:
    """Every probe is answered, and one of the Service's endpoints, an address with a port, is reached by none."""
    for look in case.looks:
        match = case.served(look.target)
        if match is None or look.answered < look.total or match.service.spec.get("sessionAffinity") == "ClientIP":
            continue
        if local_only(match, inside=bool(look.node)) or match.service.spec.get("trafficDistribution"):
            continue
        endpoints = usable(port_endpoints(case.view, match))
        reached = {(probe.answer.pod, probe.answer.port) for probe, _ in look.over_all if probe.answer}
        left_out = [each for each in endpoints if (case.view.pod_of(each), each.port) not in reached]
        if left_out and sum(count for _, count in look.over_all) >= ENOUGH * len(endpoints):
            each = left_out[0]
            return diverged(
                case,
                look,
                (
                    f"{sender(case, look)} sends none of {look.total} {NOUNS[look.target.protocol]}s to"
                    f" {place(case, look.target, match)} on to {each.address}:{each.port}"
                    f" ({case.view.pod_of(each)}), which EndpointSlice {each.slice} names"
                ),
                f"Pod {case.view.pod_of(each)}",
            )
    return None


def fickle(case: Case) -> Divergence | None:
    """One client is sent to several backends where it should stay with one."""
    for look in case.looks:
        backends = look.backends_over_all if len(look.backends) < 2 else look.backends
        if not case.expectation.one_backend or len(backends) < 2:
            continue
        match = case.served(look.target)
        return diverged(
            case,
            look,
            (
                f"{sender(case, look)} sends {NOUNS[look.target.protocol]}s of {look.vantage} to"
                f" {place(case, look.target, match)} on to {listed(pod(case, name) for name in backends)} in turns,"
                f" where it should keep to one of them{_affinity(match)}"
            ),
            match.title if match else "",
        )
    return None


def _is_alike(case: Case, match: Served | None, look: Look, other: Look) -> bool:
    """True if two looks are at the same Service in the same way, or at the same target."""
    if other.target == look.target:
        return True
    there = case.served(other.target)
    return match is not None and there is not None and (there.title, there.door) == (match.title, match.door)


def _stopped(case: Case, nodes: set[str]) -> str:
    """The time after the last change at which the others had come right, where they had."""
    times = [each.settled for each in (case.step.settling if case.step else ()) if each.node in nodes]
    changed = max((at for at, _ in case.changes), default=None)
    settled = [moment for moment in times if moment is not None]
    if changed is None or not settled or len(settled) < len(times):
        return ""
    return f" any more since {seconds(max(0.0, max(settled) - changed))} after the change"


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
    endpoints = eligible(case, match, look, port_endpoints(case.view, match))
    known = {case.view.pod_of(each) for each in endpoints if each.ready or each.serving}
    return bool(known) and name not in known


def _has_left(case: Case, match: Served | None, name: str) -> bool:
    dated = case.view.pod(name)
    gone = dated is not None and (dated.state.deleted or "deletionTimestamp" in dated.state.content.get("metadata", {}))
    changed = any(change.verb is not Verb.CREATE for _, change in case.changes)
    return gone or (changed and match is not None)


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
