"""Divergences of sweeps of which no other rule has more to say than what was promised, and what was seen."""

from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import diverged, listed, places, server
from svcproof.model.divergence import Divergence


def unlike_the_rules(case: Case) -> Divergence | None:
    """Some vantages see at some doors something else than a rule promises."""
    if not case.differing or not case.looks:
        return None
    first = case.differing[0]
    match = case.served(first.target)
    nodes = {server(case, look) for look in case.looks}
    sentence = (
        f"from {listed(each.vantage for each in case.differing)} to"
        f" {places(case, (each.target for each in case.differing))}, promised is that {first.expected};"
        f" seen is: {first.seen}"
    )
    of = match.title if match else f"Service {first.service.rpartition('/')[2]}" if first.service else ""
    return diverged(case, case.looks[0], sentence, of, node=min(nodes) if len(nodes) == 1 else "")
