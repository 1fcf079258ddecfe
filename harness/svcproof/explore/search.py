"""The search: scenarios drawn, tried side by side, and what differs confirmed and shrunk. It knows no cluster."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from svcproof.explore.drawing import Chunk, key
from svcproof.explore.manifests import Manifest, title
from svcproof.explore.outcome import Attempt, Outcome, Renewal, Signature
from svcproof.explore.smaller import cut, smaller
from svcproof.model.scenario import Scenario

CHUNK = 40
TRIES_IF_STARVED = 3
"""A difference must be seen again so many times where the machine is starved."""
SHRINKING = 120.0
"""Seconds in which one scenario is made smaller."""
MOST_STEPS_BACK = 4
"""The number of ever larger scenarios that are tried where a smaller one does not differ after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A scenario in which the proxy under test does not do what is promised, seen again in a fresh world."""

    number: int
    scenario: Manifest
    outcome: Outcome
    seed: int
    chunk: int
    final: bool = False
    """True once it is as small as it gets."""
    tries: int = 0
    """Scenarios that were tried to make it smaller."""


@dataclass(slots=True)
class Tally:
    """The numbers of a search so far, and its findings."""

    began: float
    worlds: int = 0
    cells: int = 0
    states: int = 0
    views: int = 0
    """Worlds x vantages: in each state of each world, those that looked."""
    refused: list[str] = field(default_factory=list)
    """The reasons for which the API server did not take a change; nothing more follows from such a world."""
    unconfirmed: list[str] = field(default_factory=list)
    """Tables of differences that were not seen again in a fresh world."""
    again: int = 0
    """Scenarios that differ as a finding does."""
    findings: list[Finding] = field(default_factory=list)
    doing: str = ""

    @property
    def per_minute(self) -> float:
        """Worlds per minute."""
        return 60 * self.worlds / max(1e-9, time.monotonic() - self.began)

    def count(self, outcome: Outcome) -> None:
        """Count a world that was tried."""
        self.worlds += 1
        self.cells += outcome.cells
        self.states += outcome.states
        self.views += outcome.views
        self.refused += [outcome.refused] if outcome.refused else []


Told = Callable[[Tally], None]
Kept = Callable[[Finding], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search with one seed. `told` is called whenever the tally has changed, `kept` with each finding to be kept."""

    attempt: Attempt
    seed: int
    most_steps: int
    side_by_side: int
    may_interrupt: bool = False
    """True where the proxy may be restarted, too."""
    renewal: Renewal | None = None
    """Begins the proxy anew where a scenario has spoilt it for the next; None where it is not ours."""
    until: float
    """The time of the monotonic clock at which it ends."""
    told: Told = lambda tally: None
    kept: Kept = lambda finding: None
    most_worlds: int = 0
    """0: as many as there is time for."""
    shrinking: float = SHRINKING

    def run(self) -> Tally:
        """Search until the time is over, or so many worlds were tried."""
        tally = Tally(began=time.monotonic())
        known: set[Signature] = set()
        for chunk, batch in self._batches():
            if self._is_over(tally):
                break
            whole = not known
            outcomes = self.attempt([_scenario(drawn) for drawn in batch], whole)
            for drawn, outcome in zip(batch, outcomes, strict=True):
                tally.count(outcome)
                if outcome.signatures & known:
                    tally.again += 1
                elif outcome.differs and (finding := self._confirmed(tally, chunk, drawn, outcome)):
                    known |= finding.outcome.signatures
                self.told(tally)
        return tally

    def _batches(self) -> Iterator[tuple[Chunk, Sequence[Manifest]]]:
        tried: set[str] = set()
        for number in count():
            chunk = Chunk(self.seed, number, max(CHUNK, self.side_by_side), self.most_steps, self.may_interrupt)
            fresh = [drawn for drawn in chunk.drawn() if key(drawn) not in tried]
            tried |= {key(drawn) for drawn in fresh}
            for start in range(0, len(fresh), self.side_by_side):
                yield chunk, fresh[start : start + self.side_by_side]

    def _is_over(self, tally: Tally) -> bool:
        return time.monotonic() >= self.until or 0 < self.most_worlds <= tally.worlds

    def _confirmed(self, tally: Tally, chunk: Chunk, drawn: Manifest, first: Outcome) -> Finding | None:
        """See it again, alone, in a fresh world, and more than once on a starved machine; then make it smaller."""
        tally.doing = "seeing a difference again"
        self.told(tally)
        outcomes = [self.attempt([_scenario(drawn)], True)[0]]
        while outcomes[-1].differs and outcomes[-1].starved and len(outcomes) < TRIES_IF_STARVED:
            outcomes += self.attempt([_scenario(drawn)], True)
        outcome = outcomes[-1]
        if not outcome.differs:
            tally.unconfirmed.append(first.table or title(drawn))
            tally.doing = ""
            return None
        finding = Finding(
            number=len(tally.findings) + 1, scenario=drawn, outcome=outcome, seed=self.seed, chunk=chunk.number
        )
        tally.findings.append(finding)
        self.kept(finding)
        spoils = self.renewal is not None and self.renewal.mended()
        finding = replace(self._smaller(tally, finding, spoils=spoils), final=True)
        tally.findings[-1] = finding
        tally.doing = ""
        self.kept(finding)
        return finding

    def _smaller(self, tally: Tally, finding: Finding, *, spoils: bool) -> Finding:
        """Take the smallest of what still differs alike, again and again, candidates side by side.

        The proxy is begun anew before, for those that differed may have left rules behind that others would meet. Where
        one that differs spoils it for all others, each is tried alone.
        """
        at_once = 1 if spoils else self.side_by_side
        deadline = time.monotonic() + self.shrinking
        accepted, tried = [cut(finding.scenario, finding.outcome.after)], {key(finding.scenario)}
        waiting = accepted if key(accepted[0]) not in tried else list(smaller(accepted[0]))
        while waiting and time.monotonic() < deadline:
            fresh = [candidate for candidate in waiting if key(candidate) not in tried]
            batch, waiting = fresh[:at_once], fresh[at_once:]
            tried |= set(map(key, batch))
            tally.doing = f"making finding {finding.number} smaller: {len(tried)} tries"
            self.told(tally)
            if batch:
                self._begin_anew()
            outcomes = self.attempt([_scenario(candidate) for candidate in batch], False) if batch else ()
            for candidate, outcome in zip(batch, outcomes, strict=True):
                if outcome.signatures & finding.outcome.signatures:
                    accepted.append(cut(candidate, outcome.after))
                    waiting = list(smaller(accepted[-1]))
                    break
        return replace(self._smallest(finding, accepted), tries=len(tried))

    def _smallest(self, finding: Finding, accepted: Sequence[Manifest]) -> Finding:
        """The smallest that still differs alike when it is tried alone: the proxy may only have been late."""
        for scenario in accepted[-1 : -MOST_STEPS_BACK - 1 : -1]:
            self._begin_anew()
            (outcome,) = self.attempt([_scenario(scenario)], True)
            if outcome.signatures & finding.outcome.signatures:
                return replace(finding, scenario=cut(scenario, outcome.after), outcome=outcome)
        return finding

    def _begin_anew(self) -> None:
        if self.renewal:
            self.renewal.begin_anew()


def _scenario(drawn: Manifest) -> Scenario:
    return Scenario.model_validate(drawn)
