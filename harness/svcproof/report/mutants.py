"""Does every fault show? Runs on a sound cluster and under each fault, compared: a pure function of verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level
from svcproof.model.fact import Finding
from svcproof.model.verdict import Ruling, Verdict


class Catch(StrEnum):
    """The verdict of one behaviour under one fault."""

    CAUGHT = "caught"
    """Refuted under the fault; at a MAY: another record than on the sound cluster."""
    MISSED = "missed"
    UNDECIDED = "undecided"
    """The check showed nothing under the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A fault and a behaviour; `declared` says that the behaviour names the fault."""

    fault: str
    behaviour: str
    declared: bool
    catch: Catch
    why: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The faults asked for, the catch of each pair, and the behaviours that do not hold on the sound cluster."""

    faults: tuple[str, ...]
    pairs: tuple[Pair, ...]
    unsound: tuple[Verdict, ...]

    def of(self, fault: str, catch: Catch, *, declared: bool = True) -> tuple[str, ...]:
        """The behaviours with this outcome under a fault, of those that declare it or of the others."""
        return tuple(
            pair.behaviour
            for pair in self.pairs
            if pair.fault == fault and pair.catch is catch and pair.declared is declared
        )

    @property
    def uncaught(self) -> tuple[str, ...]:
        """Faults that no behaviour which declares them catches."""
        return tuple(fault for fault in self.faults if not self.of(fault, Catch.CAUGHT))

    @property
    def exit_code(self) -> ExitCode:
        """1 where a fault escapes a behaviour that declares it, or all of them; else 3 where something is undecided."""
        declared = {pair.catch for pair in self.pairs if pair.declared}
        if self.unsound:
            return ExitCode.UNDECIDED
        if Catch.MISSED in declared:
            return ExitCode.FAILED
        if Catch.UNDECIDED in declared:
            return ExitCode.UNDECIDED
        return ExitCode.FAILED if self.uncaught else ExitCode.OK


def matrix(base: Sequence[Verdict], by_fault: Mapping[str, Sequence[Verdict]]) -> Matrix:
    """Compare the run on the sound cluster with the one under each fault.

    A behaviour that does not hold on the sound cluster catches nothing.
    """
    sound = {verdict.behaviour.id: verdict for verdict in base if verdict.ruling in {Ruling.PASS, Ruling.RECORDED}}
    pairs = [
        _pair(fault, sound[verdict.behaviour.id], verdict)
        for fault, verdicts in by_fault.items()
        for verdict in verdicts
        if verdict.behaviour.id in sound
    ]
    unsound = tuple(
        verdict for verdict in base if verdict.behaviour.id not in sound and verdict.ruling is not Ruling.UNTESTABLE
    )
    return Matrix(tuple(by_fault), tuple(pairs), unsound)


def declaring(behaviours: Sequence[Behaviour], faults: Sequence[str]) -> tuple[Behaviour, ...]:
    """The behaviours that declare one of these faults."""
    return tuple(behaviour for behaviour in behaviours if set(faults).intersection(behaviour.faults))


def _pair(fault: str, base: Verdict, mutant: Verdict) -> Pair:
    return Pair(
        fault=fault,
        behaviour=base.behaviour.id,
        declared=fault in base.behaviour.faults,
        catch=_catch(base, mutant),
        why=mutant.reason,
    )


def _catch(base: Verdict, mutant: Verdict) -> Catch:
    finding = mutant.fact.finding if mutant.fact else Finding.NOT_REACHED
    if finding not in {Finding.CONFIRMED, Finding.REFUTED}:
        return Catch.UNDECIDED
    shows = mutant.reason != base.reason if base.behaviour.level is Level.MAY else finding is Finding.REFUTED
    return Catch.CAUGHT if shows else Catch.MISSED
