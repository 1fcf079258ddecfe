"""Divergences of probes that get no answer where they should, or another refusal than they should."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.phrases import (
    NOUNS,
    diverged,
    eligible,
    end,
    listed,
    outcome,
    place,
    places,
    pod,
    server,
    share,
)
from svcproof.diagnosis.reasons import last_change
from svcproof.diagnosis.rules import about_rules
from svcproof.diagnosis.served import Served, is_within, local_only, port_endpoints, usable
from svcproof.model.divergence import Divergence
from svcproof.model.probe import Outcome


def unanswered(case: Case) -> Divergence | None:
    """Probes are refused or lost that should be answered."""
    if case.expectation.answered is False or not _expects_answers(case):
        return None
    failing = [look for look in case.looks if look.answered < look.total]
    if not failing:
        return None
    deaf = [look for look in failing if not look.answered]
    return _deaf(case, deaf) if deaf else _lossy(case, failing)


def refused_otherwise(case: Case) -> Divergence | None:
    """Nobody answers, as it should be, but not in the way in which it should be."""
    kind = case.expectation.refusal
    wrong = [look for look in case.looks if kind and any(result != kind for result in look.outcomes)]
    if not wrong:
        return None
    look = wrong[0]
    match = case.served(look.target)
    verb = "is to refuse" if kind == Outcome.REFUSED else "is to drop"
    nodes = {server(case, other) for other in wrong} - {""}
    sentence = (
        f"what goes from {listed(other.vantage for other in wrong)} to {place(case, look.target, match)} is"
        f" {_results(wrong)}{f' on {listed(nodes)}' if nodes else ''}, where a node {verb} it"
    ) + _should(case, match, look)
    return _divergence(case, look, match, sentence, node=min(nodes) if len(nodes) == 1 else "")


def _expects_answers(case: Case) -> bool:
    expected = case.expectation
    return expected.answered is True or bool(expected.all_of or expected.sources or expected.ports)


def _deaf(case: Case, deaf: Sequence[Look]) -> Divergence:
    """From some vantages, or at some targets, nobody answers at all."""
    look = deaf[0]
    match = case.served(look.target)
    same = [other for other in deaf if other.target.protocol is look.target.protocol]
    nodes, vantages = {server(case, other) for other in same} - {""}, {other.vantage for other in same}
    hearing = [other for other in case.looks if other.answered and other.target.protocol is look.target.protocol]
    sentence = (
        f"{NOUNS[look.target.protocol]}s to {places(case, (other.target for other in same))} are {_results(same)}"
        f"{f' on {listed(nodes)}' if nodes else ''}, from {listed(vantages)}"
    )
    rest = _heard(case, same, hearing, nodes, vantages) or _other_targets(case, look)
    whole = sentence + rest + about_rules(case, match, look, nodes) + _should(case, match, look)
    return _divergence(case, look, match, whole, node=min(nodes) if len(nodes) == 1 else "")


def _heard(case: Case, deaf: Sequence[Look], hearing: Sequence[Look], nodes: set[str], vantages: set[str]) -> str:
    """A clause with the places where probes of the same look were answered."""
    if (
        hearing
        and all(look.node and look.node == server(case, look) for look in deaf)
        and not any(look.node == server(case, look) for look in hearing)
    ):
        return "; a node is answered by others, and not by itself"
    if other := {server(case, look) for look in hearing} - nodes - {""}:
        return f"; on {listed(other)} they are answered"
    if other := {look.vantage for look in hearing} - vantages:
        return f"; from {listed(other)} they are answered"
    return f"; at {listed({end(look.target) for look in hearing})} they are answered" if hearing else ""


def _lossy(case: Case, failing: Sequence[Look]) -> Divergence:
    """Some probes are answered, others from the same vantage are not."""
    look = failing[0]
    match = case.served(look.target)
    missing = _silent_backends(case, look, match)
    lost, total = sum(each.total - each.answered for each in failing), sum(each.total for each in failing)
    nodes = {server(case, other) for other in failing} - {""}
    sentence = (
        f"{share(lost, total, look.target.protocol)} from {listed(other.vantage for other in failing)} to"
        f" {place(case, look.target, match)} are {_results(failing)}{f' on {listed(nodes)}' if nodes else ''}"
    )
    if missing == {look.vantage}:
        sentence += f"; {pod(case, look.vantage)} itself never answers"
    elif missing:
        verb = "answer" if len(missing) > 1 else "answers"
        sentence += f"; {listed(pod(case, name) for name in missing)} never {verb}"
    sentence += f"; {listed(look.backends_over_all)} answered others{_ruled_out(case, look, match)}"
    divergence = _divergence(case, look, match, sentence, node=min(nodes) if len(nodes) == 1 else "")
    return replace(divergence, object=f"Pod {min(missing)}") if missing else divergence


def _silent_backends(case: Case, look: Look, match: Served | None) -> set[str]:
    """The pods that should answer by EndpointSlices and policy, or by the words, and never did."""
    named = {case.view.pod_of(endpoint) for endpoint in eligible(case, match, look)} if match else set()
    return (named or set(case.expectation.all_of or ())) - set(look.backends_over_all) - {""}


def _ruled_out(case: Case, look: Look, match: Served | None) -> str:
    """The endpoints that a policy rules out: where connections are lost, they may have gone there."""
    if match is None or not (policy := local_only(match, inside=bool(look.node))):
        return ""
    others = set(usable(port_endpoints(case.view, match))) - set(eligible(case, match, look))
    names = listed(pod(case, case.view.pod_of(endpoint)) for endpoint in others)
    return f"; its {policy} rules out {names}" if names else ""


def _results(looks: Sequence[Look]) -> str:
    """The outcomes of the probes that were not answered: `dropped`, `refused (ECONNREFUSED)`."""
    results: Counter[str] = Counter()
    for look in looks:
        for probe, count in look.seen:
            if probe.outcome is not Outcome.ANSWERED:
                results[outcome(probe.outcome) + (f" ({probe.errno})" if probe.errno else "")] += count
    answered = sum(look.answered for look in looks)
    return " or ".join(result for result, _ in results.most_common()) or f"answered {answered} times"


def _other_targets(case: Case, look: Look) -> str:
    """A clause with the targets at which the same vantage was answered."""
    probes = [event.probe for event in case.fact.events if event.probe and event.probe.outcome is Outcome.ANSWERED]
    same = [event for event in case.fact.events if event.probe and event.probe.target == look.target]
    before = [event.last for event in same if event.probe and event.probe.answer]
    if before:
        return f"; they were answered until {max(before):.1f} s after the check began"
    ends = {end(probe.target) for probe in probes if probe.vantage == look.vantage and probe.target != look.target}
    return f"; at {listed(sorted(ends)[:3])} {look.vantage} is answered" if ends else ""


def _should(case: Case, match: Served | None, look: Look) -> str:
    """A clause with the reason for an answer, by the API."""
    change = last_change(case, match)
    since = f"; {change[1]} {look.last - change[0]:.1f} s before" if change else ""
    if match is None:
        return since
    if match.until is not None:
        return f"; the API has no such {match.door} any more"
    node = server(case, look)
    policy = local_only(match, inside=bool(look.node))
    own = eligible(case, match, look)
    names = {case.view.pod_of(endpoint) or endpoint.address for endpoint in own}
    where = f" on {node}, by {policy}" if policy and node else ""
    count = len(names)
    text = f"; the Service has {count or 'no'} usable endpoint{'s' * (count != 1)}{where}"
    return f"{text} ({listed(names)}){_admitted(case, match, look)}{since}" if names else f"{text}{since}"


def _admitted(case: Case, match: Served, look: Look) -> str:
    """A clause that source ranges admit the client, where they do."""
    ranges = match.service.spec.get("loadBalancerSourceRanges") or ()
    addresses = case.view.addresses(look.vantage)
    if match.door != "load balancer address" or not any(is_within(address, ranges) for address in addresses):
        return ""
    return f", and its loadBalancerSourceRanges {', '.join(ranges)} admit {look.vantage} ({addresses[0]})"


def _divergence(case: Case, look: Look, match: Served | None, sentence: str, node: str | None = None) -> Divergence:
    title = match.title if match else ""
    owner = case.view.owner(look.target.address)
    return diverged(case, look, sentence, title or (f"Pod {owner}" if case.view.pod(owner) else owner), node)
