"""A verdict as it is compared: what was to be expected of a behaviour in a run, and what was observed.

Pure functions of a verdict. The run file ends with one for each selected behaviour, so that a reader need not judge.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.releases import Releases
from svcproof.model.verdict import Claims, Ruling, Verdict


class Expected(StrEnum):
    """The expectation of a cluster and a proxy of their releases, with the proxy's claims."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"
    DEVIATION = "documented deviation"
    NOT_CLAIMED = "not claimed"
    NOT_PROMISED = "not promised yet"
    """The cluster, or its proxy, is older than the release from which on it is promised."""


class Observed(StrEnum):
    """The word of a run on a behaviour, from the quiet to the loud. No two of them are drawn alike."""

    NO_RUN = "no run"
    """The run did not select it, or is of a suite that does not have it."""
    NOT_RUN = "not run"
    UNTESTABLE = "not testable here"
    DECLINED = "not claimed, and not so"
    RECORDED = "recorded"
    UNKNOWN = "could not tell"
    PASS = "pass"
    DEVIATES = "deviates"
    WEAK = "weak"
    FLAKY = "flaky"
    FAIL = "fail"


OBSERVED: Mapping[Ruling, Observed] = {
    Ruling.NOT_RUN: Observed.NOT_RUN,
    Ruling.UNTESTABLE: Observed.UNTESTABLE,
    Ruling.UNSUPPORTED: Observed.DECLINED,
    Ruling.RECORDED: Observed.RECORDED,
    Ruling.BLOCKED: Observed.UNKNOWN,
    Ruling.ERROR: Observed.UNKNOWN,
    Ruling.PASS: Observed.PASS,
    Ruling.DEVIATES: Observed.DEVIATES,
    Ruling.WEAK: Observed.WEAK,
    Ruling.FLAKY: Observed.FLAKY,
    Ruling.FAIL: Observed.FAIL,
}
FAILED = frozenset({Observed.FAIL, Observed.FLAKY})
"""Those that failed, if only now and then."""
REFUTED = FAILED | {Observed.WEAK}
"""Those that speak against the proxy, if only as a warning."""
TESTED = frozenset({Observed.PASS, Observed.DEVIATES, Observed.WEAK, Observed.FLAKY, Observed.FAIL, Observed.DECLINED})
"""Those of which the proxy has shown that it holds or that it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One behaviour in one run, in two marks. `flagged`: it holds, though the proxy does not claim it."""

    id: str
    """The id of the behaviour."""
    expected: Expected
    observed: Observed
    reason: str = ""
    """The reason in words, of some lines; empty for a plain pass."""
    way: str = ""
    """The way that a MAY went; empty for every other."""
    flagged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The judgements of a run that has ended, by the claims with which it ran, in the order of its selection."""

    judgements: tuple[Judgement, ...]
    """One for each selected behaviour."""


EDITION = 2
"""The edition of the rules by which verdicts follow from facts; in the first, the cluster's release alone counted."""


def judged(verdicts: Iterable[Verdict], claims: Claims, releases: Releases) -> Judged:
    """The judgements of a run's verdicts."""
    return Judged(judgements=tuple(judgement(verdict, claims, releases) for verdict in verdicts))


def judgement(verdict: Verdict, claims: Claims, releases: Releases) -> Judgement:
    """The two marks of one verdict."""
    return Judgement(
        id=verdict.behaviour.id,
        expected=expected(verdict.behaviour, claims, releases),
        observed=OBSERVED[verdict.ruling],
        reason=verdict.reason,
        way=verdict.reason if verdict.ruling is Ruling.RECORDED else "",
        flagged=verdict.claim_flagged,
    )


def expected(behaviour: Behaviour, claims: Claims, releases: Releases) -> Expected:
    """The expectation of a behaviour, whether or not a run selected it."""
    release, claims = releases.judging(behaviour.by), claims.at(releases.of_proxy)
    if release and not behaviour.is_promised(release):
        return Expected.NOT_PROMISED
    if behaviour.id in (claims.deviations or {}):
        return Expected.DEVIATION
    if behaviour.level is Level.MAY:
        return Expected.MAY
    if claims.unclaimed(behaviour):
        return Expected.NOT_CLAIMED
    is_must = behaviour.level is Level.MUST and not releases.is_pending(behaviour)
    return Expected.MUST if is_must else Expected.SHOULD
