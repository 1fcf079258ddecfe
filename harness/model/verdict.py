"""Judging: a pure function of a fact, a level, and what the proxy claims and documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harness.model.behaviour import Behaviour, Level
from harness.model.fact import Fact, Finding
from harness.model.vocabulary import Feature


class Ruling(StrEnum):
    """What is concluded about one behaviour."""

    PASS = "pass"
    FAIL = "fail"
    WEAK = "weak"
    RECORDED = "recorded"
    DEVIATES = "deviates"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    ERROR = "error"
    UNTESTABLE = "untestable"
    NOT_RUN = "not run"
    FLAKY = "flaky"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a proxy says of itself: the features it claims (None: all), and its documented deviations.

    `deviations` maps a behaviour's id to the reason and link it is documented with.
    """

    features: frozenset[Feature] | None = None
    deviations: Mapping[str, str] | None = None

    def covers(self, needed: Iterable[Feature]) -> bool:
        """Whether every one of the features is claimed."""
        return self.features is None or self.features.issuperset(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A ruling with its reason; `claim_flagged` where a feature works that the proxy does not claim."""

    behaviour: Behaviour
    ruling: Ruling
    reason: str = ""
    claim_flagged: bool = False
    fact: Fact | None = None


UNDECIDED = {
    Finding.INCONCLUSIVE: Ruling.BLOCKED,
    Finding.BROKE: Ruling.ERROR,
    Finding.UNTESTABLE: Ruling.UNTESTABLE,
    Finding.NOT_REACHED: Ruling.NOT_RUN,
}


def judge(behaviour: Behaviour, facts: Sequence[Fact], claims: Claims) -> Verdict:
    """Conclude from the facts of one behaviour, one per repeat; no fact at all means it was not reached."""
    if not facts:
        return Verdict(behaviour=behaviour, ruling=Ruling.NOT_RUN, reason="the run ended before this check")
    worst = min(facts, key=lambda fact: _SEVERITY.index(fact.finding))
    if worst.finding in UNDECIDED:
        return Verdict(behaviour=behaviour, ruling=UNDECIDED[worst.finding], reason=worst.reason, fact=worst)
    ruling, reason = _decided(behaviour, facts, worst, claims)
    flagged = worst.finding is Finding.CONFIRMED and not claims.covers(behaviour.features)
    return Verdict(behaviour=behaviour, ruling=ruling, reason=reason, claim_flagged=flagged, fact=worst)


def _decided(behaviour: Behaviour, facts: Sequence[Fact], worst: Fact, claims: Claims) -> tuple[Ruling, str]:
    if behaviour.level is Level.MAY:
        ways = sorted({fact.record or fact.finding for fact in facts})
        return Ruling.RECORDED, " / ".join(ways)
    if len({fact.finding for fact in facts}) > 1:
        times = sum(fact.finding is Finding.REFUTED for fact in facts)
        return Ruling.FLAKY, f"refuted in {times} of {len(facts)} repeats: {worst.reason}"
    if worst.finding is Finding.CONFIRMED:
        return Ruling.PASS, ""
    if why := (claims.deviations or {}).get(behaviour.id):
        return Ruling.DEVIATES, why
    if not claims.covers(behaviour.features):
        return Ruling.UNSUPPORTED, "needs a feature the proxy does not claim: " + worst.reason
    return (Ruling.FAIL if behaviour.level is Level.MUST else Ruling.WEAK), worst.reason


_SEVERITY = (
    Finding.BROKE,
    Finding.NOT_REACHED,
    Finding.INCONCLUSIVE,
    Finding.UNTESTABLE,
    Finding.REFUTED,
    Finding.CONFIRMED,
)


def exit_code(verdicts: Iterable[Verdict]) -> int:
    """Return 1 if a MUST is `fail` or `flaky`, else 3 if anything is undecided or unreached, else 0."""
    verdicts = tuple(verdicts)
    against = {Ruling.FAIL, Ruling.FLAKY}
    if any(one.behaviour.level is Level.MUST and one.ruling in against for one in verdicts):
        return 1
    if any(one.ruling in {Ruling.ERROR, Ruling.BLOCKED, Ruling.NOT_RUN} for one in verdicts):
        return 3
    return 0
