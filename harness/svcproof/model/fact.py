"""The facts that a run found out about behaviours, before anybody judges them."""

from dataclasses import dataclass
from enum import StrEnum

from svcproof.model.bystander import BystanderRecord
from svcproof.model.chance import Chance
from svcproof.model.circumstance import Circumstance
from svcproof.model.divergence import Divergence
from svcproof.model.event import Event
from svcproof.model.evidence import Evidence
from svcproof.model.machine import Machine
from svcproof.model.step import Step


class Finding(StrEnum):
    """The way in which one check ended."""

    CONFIRMED = "confirmed"
    """At least one probe was made, at least one claim was checked, and none failed."""
    REFUTED = "refuted"
    """`eventually`/`consistently` expired in the check, or an assert written in `suites/` failed."""
    INCONCLUSIVE = "inconclusive"
    """The check's own control failed, so nothing follows from the rest."""
    BROKE = "broke"
    """Anything else went wrong: the harness, the cluster or the environment, not the proxy."""
    UNTESTABLE = "untestable"
    """The cluster lacks what the check needs; nothing follows from what was tried before that was known."""
    NOT_REACHED = "not reached"
    """The run ended before or in the middle of the check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The outcome of one check, with its evidence.

    `at` is the wall clock when the check began, UTC in ISO 8601. The times of its `steps` and `events`, each in the
    order in which they began, are counted from there. `record` is what a MAY behaviour recorded; `evidence` was
    taken before clean-up, only where the behaviour was not confirmed. `seconds` is the check's own duration.
    `attempt` counts repeats from 1; a check that is tried once more, since the machine was starved, is a `retry` of
    the same attempt. `machine` has the CPUs meanwhile, `chances` the probabilities of false alarms.

    Where the behaviour was not confirmed, `circumstances` is what went on around it, and `divergence` what follows.
    """

    id: str
    """The id of the behaviour."""
    finding: Finding
    reason: str = ""
    """The reason for the finding, in words; of some lines. Empty where it was confirmed."""
    record: str = ""
    seconds: float = 0.0
    evidence: Evidence | None = None
    attempt: int = 1
    at: str = ""
    steps: tuple[Step, ...] = ()
    events: tuple[Event, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    divergence: Divergence | None = None
    machine: Machine | None = None
    chances: tuple[Chance, ...] = ()
    retry: bool = False
    bystanders: BystanderRecord | None = None
    """The bystanders of the run meanwhile; None where it had none."""
    beside: str = ""
    """The id of the check beside which a bystander of this behaviour broke; empty in facts of its own check."""
