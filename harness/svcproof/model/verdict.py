"""Judging: a pure function of a fact, a level, and what the proxy claims and documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.beside import joined, parted
from svcproof.model.fact import Fact, Finding
from svcproof.model.release import Release
from svcproof.model.releases import UNKNOWN, Releases
from svcproof.model.starvation import STARVED, settled
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, CONTRADICTORY, ENDS, OPTIONAL, SWITCHES, Feature


class Ruling(StrEnum):
    """The conclusion about one behaviour."""

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


REFUTED = (Ruling.FAIL, Ruling.FLAKY, Ruling.WEAK)
"""Rulings that speak against the proxy, the worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a proxy: its features, and its documented deviations.

    `named` are the features that it claims by name, not by default; `deviations` maps a behaviour's id to the reason
    and link it is documented with.
    """

    features: frozenset[Feature] = CLAIMED_BY_DEFAULT
    named: frozenset[Feature] = frozenset()
    deviations: Mapping[str, str] | None = None

    def at(self, release: Release | None) -> "Claims":
        """The claims in a release: a feature that has ended is claimed by name alone, and else its opposite is."""
        ended = frozenset(feature for feature in self.features - self.named if _has_ended(feature, release))
        opposite = {switch for feature, switch in CONTRADICTORY if feature in ended}
        return replace(self, features=self.features - ended | opposite)

    def concern(self, behaviour: Behaviour) -> bool:
        """False for a behaviour of a state that the proxy is not in: there its opposite is promised."""
        return not behaviour.features & SWITCHES - self.features

    def unclaimed(self, behaviour: Behaviour) -> frozenset[Feature]:
        """The features that the behaviour needs and the proxy does not claim."""
        return behaviour.features - self.features


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A ruling with its reason, which only a plain `pass` lacks, and the fact that decided it.

    `cause` is the part of the reason that several behaviours may have in common, such as a feature that is not claimed.
    `claim_flagged` says that the proxy's declaration is too modest: a feature works that it does not claim and that is
    not optional, or a behaviour holds that it documents as a deviation. `optional` says that the behaviour needs a
    feature that is optional for proxies, which this one does not claim; `pending` that it is a MUST only from a later
    release on than the one that counts.
    """

    behaviour: Behaviour
    ruling: Ruling
    reason: str = ""
    cause: str = ""
    claim_flagged: bool = False
    optional: bool = False
    pending: bool = False
    fact: Fact | None = None

    @property
    def level(self) -> Level:
        """The level it was judged at: a MUST that is optional for this proxy, or does not bind yet, is a SHOULD."""
        is_less = self.optional or self.pending
        return Level.SHOULD if is_less and self.behaviour.level is Level.MUST else self.behaviour.level

    @property
    def fails_the_run(self) -> bool:
        """True for a MUST that failed, if only now and then: nothing else makes a run exit with 1."""
        return self.level is Level.MUST and self.ruling in {Ruling.FAIL, Ruling.FLAKY}


UNDECIDED = {
    Finding.INCONCLUSIVE: Ruling.BLOCKED,
    Finding.BROKE: Ruling.ERROR,
    Finding.UNTESTABLE: Ruling.UNTESTABLE,
    Finding.NOT_REACHED: Ruling.NOT_RUN,
}


class _Conclusion(NamedTuple):
    """A ruling, its reason, and the part of that reason that other behaviours may have too."""

    ruling: Ruling
    reason: str = ""
    cause: str = ""

    def of(self, fact: Fact, ruling: Ruling) -> "_Conclusion":
        """Conclude `ruling` from a fact, for the same cause."""
        return _Conclusion(ruling, f"{self.cause}: {_reason(fact)}", self.cause)


def judge(behaviour: Behaviour, facts: Sequence[Fact], claims: Claims, releases: Releases = UNKNOWN) -> Verdict:
    """Conclude from the facts of one behaviour, one or two per repeat; no fact at all means it was not reached.

    A behaviour of bystanders may have more, found beside other checks: each refutes it.
    Where no release is known, what is bound to one is judged as it was checked, and what binds from one on does not.
    """
    if not facts:
        return Verdict(behaviour=behaviour, ruling=Ruling.NOT_RUN, reason="the run ended before this check")
    own, beside = parted(facts)
    facts = joined(settled(own), beside)
    worst = min(facts, key=lambda fact: _SEVERITY.index(fact.finding))
    findings = {fact.finding for fact in facts}
    claims = claims.at(releases.of_proxy)
    pending = releases.is_pending(behaviour)
    excuse = (
        _not_promised(behaviour, releases)
        or _excuse(behaviour, claims, releases)
        or (_pending(behaviour, releases) if pending else None)
    )
    if len(findings) > 1:
        ruling, reason, cause = _differing(behaviour, facts, worst, excuse)
    else:
        ruling, reason, cause = _alike(behaviour, facts, excuse)
    flag = _flag(behaviour, claims) if ruling is Ruling.PASS else ""
    return Verdict(
        behaviour=behaviour,
        ruling=ruling,
        reason=reason or flag,
        cause=cause,
        claim_flagged=bool(flag),
        optional=bool(claims.unclaimed(behaviour) & OPTIONAL),
        pending=pending,
        # What is shown beside a reason is what the repeat saw that the reason is of.
        fact=next(fact for fact in facts if fact.finding is Finding.REFUTED) if ruling is Ruling.FLAKY else worst,
    )


def exit_code(verdicts: Iterable[Verdict]) -> ExitCode:
    """Return 1 if a MUST is `fail` or `flaky`, else 3 if anything is undecided or unreached, else 0."""
    verdicts = tuple(verdicts)
    if any(verdict.fails_the_run for verdict in verdicts):
        return ExitCode.FAILED
    if any(verdict.ruling in {Ruling.ERROR, Ruling.BLOCKED, Ruling.NOT_RUN} for verdict in verdicts):
        return ExitCode.UNDECIDED
    return ExitCode.OK


def _alike(behaviour: Behaviour, facts: Sequence[Fact], excuse: _Conclusion | None) -> _Conclusion:
    """The ruling where every repeat came out the same way."""
    fact = facts[0]
    if excuse and fact.finding is Finding.INCONCLUSIVE and excuse.ruling is not Ruling.WEAK:
        return excuse.of(fact, Ruling.UNTESTABLE)  # Its control may need what the proxy has said it does not do.
    if fact.finding in UNDECIDED:
        reason = _reason(fact)
        return _Conclusion(UNDECIDED[fact.finding], reason, STARVED if reason.startswith(STARVED) else "")
    if behaviour.level is Level.MAY:
        return _Conclusion(Ruling.RECORDED, _ways(facts))
    if fact.finding is Finding.CONFIRMED:
        return _Conclusion(Ruling.PASS)
    if excuse:
        return excuse.of(fact, excuse.ruling)
    return _Conclusion(Ruling.FAIL if behaviour.level is Level.MUST else Ruling.WEAK, _reason(fact))


def _differing(behaviour: Behaviour, facts: Sequence[Fact], worst: Fact, excuse: _Conclusion | None) -> _Conclusion:
    """The ruling where repeats differ: `flaky` if the proxy showed both, or refuted what nothing excuses."""
    if behaviour.level is Level.MAY:
        return _Conclusion(Ruling.RECORDED, _ways(facts))
    refuted = [fact for fact in facts if fact.finding is Finding.REFUTED]
    if refuted and excuse and excuse.ruling is Ruling.UNTESTABLE:
        return excuse.of(refuted[0], Ruling.UNTESTABLE)
    confirmed = any(fact.finding is Finding.CONFIRMED for fact in facts)
    if refuted and (confirmed or not excuse):
        times = len(refuted)
        return _Conclusion(Ruling.FLAKY, f"refuted in {times} of {len(facts)} repeats: {_reason(refuted[0])}")
    # Nothing speaks against the proxy, but a repeat that showed nothing must not pass for one that did.
    times = sum(fact.finding is worst.finding for fact in facts)
    reason = f"{worst.finding} in {times} of {len(facts)} repeats: {_reason(worst)}"
    return _Conclusion(UNDECIDED[worst.finding], reason)


def _excuse(behaviour: Behaviour, claims: Claims, releases: Releases) -> _Conclusion | None:
    """The ruling on a refutation of which the proxy's declaration speaks; its cause is what the declaration says."""
    if why := (claims.deviations or {}).get(behaviour.id):
        return _Conclusion(Ruling.DEVIATES, cause=f"documented: {why}")
    unclaimed = claims.unclaimed(behaviour)
    if ended := {feature for feature in unclaimed if _has_ended(feature, releases.of_proxy)}:
        until = ", ".join(
            f"{feature} is off by default from Kubernetes {ENDS[feature]} on" for feature in sorted(ended)
        )
        cause = f"no longer promised: {until}, and {releases.words(Part.PROXY)}"
        return _Conclusion(Ruling.UNSUPPORTED, cause=cause)
    if needed := unclaimed - OPTIONAL:
        return _Conclusion(Ruling.UNSUPPORTED, cause=f"the proxy does not claim {_listed(needed)}")
    if unclaimed:
        cause = f"optional for proxies, and this one does not claim {_listed(unclaimed)}"
        return _Conclusion(Ruling.WEAK, cause=cause)
    return None


def _not_promised(behaviour: Behaviour, releases: Releases) -> _Conclusion | None:
    """The ruling on a refutation of what is not promised yet; a run that knew its releases has not even tried it."""
    known = releases.judging(behaviour.by)
    why = releases.not_promised(behaviour) if known else ""
    return _Conclusion(Ruling.UNTESTABLE, cause=why) if why else None


def _pending(behaviour: Behaviour, releases: Releases) -> _Conclusion:
    """The ruling on a refutation of what is a MUST only from a later release on."""
    words = releases.words(behaviour.by)
    return _Conclusion(Ruling.WEAK, cause=f"a MUST from Kubernetes {behaviour.must_from} on, and {words}")


def _has_ended(feature: Feature, release: Release | None) -> bool:
    return feature in ENDS and release is not None and release >= Release.read(ENDS[feature])


def _flag(behaviour: Behaviour, claims: Claims) -> str:
    if why := (claims.deviations or {}).get(behaviour.id):
        return f"holds, though documented as a deviation: {why}"
    if unclaimed := claims.unclaimed(behaviour) - OPTIONAL:
        return f"works, though the proxy does not claim {_listed(unclaimed)}"
    return ""


def _listed(features: Iterable[Feature]) -> str:
    return ", ".join(sorted(features))


def _ways(facts: Sequence[Fact]) -> str:
    """The ways that a MAY went, each once; a repeat that showed nothing is named too."""
    return " / ".join(dict.fromkeys(map(_way, facts)))


def _way(fact: Fact) -> str:
    if fact.finding in UNDECIDED:
        return f"{fact.finding}: {_reason(fact)}"
    if fact.record or fact.finding is Finding.CONFIRMED:
        return fact.record or _reason(fact)
    return f"{NEITHER}\n{_reason(fact)}"


def _reason(fact: Fact) -> str:
    return fact.reason.strip() or (
        fact.finding if fact.finding is Finding.CONFIRMED else f"{fact.finding}, without a reason"
    )


NEITHER = "not settled: the check ended before it saw which way this proxy goes"
"""Begins what is recorded of a MAY whose check ended before it could tell."""
_SEVERITY = (
    Finding.BROKE,
    Finding.NOT_REACHED,
    Finding.INCONCLUSIVE,
    Finding.UNTESTABLE,
    Finding.REFUTED,
    Finding.CONFIRMED,
)
