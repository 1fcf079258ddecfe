"""`svcproof mutants`: is every fault caught by the behaviours that say they catch it?"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcproof.cli import say

if TYPE_CHECKING:
    from svcproof.model.behaviour import Behaviour
    from svcproof.model.verdict import Verdict
    from svcproof.report.mutants import Matrix

LAST_LINES = 20
IMPORTED = (
    "pytest",
    "svcproof.kubernetes.sample.workload",
    "svcproof.kubernetes.api",
    "svcproof.providers.lab",
    "svcproof.report",
)
"""Modules that every run needs and that take long to import; plugins and suites pytest imports in its own way."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run under a fault, or, where that is empty, on the sound lab: the arguments of `svcproof run`."""

    fault: str
    arguments: tuple[str, ...]
    results: Path


@click.command(
    short_help="Show that every fault is caught.",
    epilog="Example: svcproof mutants --fault proxy/only-first-endpoint-used --fault dns/no-srv",
)
@click.option("--fault", "faults", multiple=True, metavar="PART/NAME", help="Only this fault; repeatable.")
@click.option("--all", "everything", is_flag=True, help="Run every behaviour under each fault, not its own alone.")
@click.option("--workers", type=click.IntRange(1), default=6, show_default=True, help="Runs side by side.")
@click.option("--json", "as_json", is_flag=True, help="The matrix as JSON.")
def command(faults: tuple[str, ...], everything: bool, workers: int, as_json: bool) -> int:
    """Run the suites on the sound lab, then under each fault, and print which behaviour catches which.

    Exit code 0 only if each fault is caught, and by each behaviour that declares it.
    """
    from svcproof.ledger import scratch
    from svcproof.providers.lab.faults import known_faults
    from svcproof.report.mutants import matrix

    behaviours = _catalogue(faults)
    faults = faults or tuple(known_faults())
    with scratch.scratch() as place:
        jobs = list(_jobs(behaviours, faults, everything, place))
        with ThreadPoolExecutor(workers) as pool:
            results = dict(zip((job.fault for job in jobs), pool.map(_verdicts, jobs), strict=True))
    catches = matrix(results.pop(""), {fault: results.get(fault, ()) for fault in faults})
    if as_json:
        click.echo(as_json_text(catches))
    else:
        say(described(catches))
    return catches.exit_code


def _catalogue(faults: Sequence[str]) -> "tuple[Behaviour, ...]":
    """All behaviours; raises UsageError for unknown faults: those asked for, or, for the whole matrix, declared."""
    from svcproof.declare import suites_dir
    from svcproof.declare.catalogue import catalogue
    from svcproof.errors import UsageError
    from svcproof.providers.lab.faults import declared_problems, fault_problems

    behaviours = catalogue(suites_dir())
    problems = fault_problems(faults)
    for behaviour in () if faults else behaviours:
        problems += [f"behaviour {behaviour.id}: {problem}" for problem in declared_problems(behaviour.faults)]
    if problems:
        raise UsageError(problems)
    return behaviours


def _jobs(behaviours: "Sequence[Behaviour]", faults: Sequence[str], everything: bool, place: Path) -> Iterator[Job]:
    """Yield the runs that select anything, the longest first: the sound one has what all others have."""
    from svcproof.report.mutants import declaring

    selected = {fault: declaring(behaviours, [fault] if fault else faults) for fault in ("", *faults)}
    for number, fault in enumerate(sorted(selected, key=lambda fault: -len(selected[fault]))):
        if not selected[fault] and not everything:
            continue
        expression = " or ".join(behaviour.id for behaviour in selected[fault])
        chosen = () if everything else ("-k", expression)
        switched = ("--fault", fault) if fault else ()
        results = place / str(number)
        usual = ("run", "--cluster", "lab", "--proxy", "reference", "--workers", "1")
        arguments = (*usual, "--results", str(results), *switched, *chosen)
        yield Job(fault, arguments, results)


def _verdicts(job: Job) -> "tuple[Verdict, ...]":
    from svcproof.errors import ProvisionError
    from svcproof.report import runfile

    # Each run is a fork of a process that has imported already what all of them need.
    context = get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    output = job.results.with_suffix(".txt")
    run = context.Process(target=_run, args=(job.arguments, output))
    run.start()
    run.join()
    say(f"ran {job.fault or 'the sound lab'}: exit code {run.exitcode}", err=True)
    if not (job.results / "run.jsonl").exists():
        last = "\n".join(output.read_text().splitlines()[-LAST_LINES:])
        raise ProvisionError(f"svcproof {' '.join(job.arguments)} left no results; it said:\n{last}")
    return runfile.load(job.results).verdicts()


def _run(arguments: tuple[str, ...], output: Path) -> None:
    """Be `svcproof` with these arguments; what it says goes to a file."""
    from svcproof.cli import main

    with output.open("wb") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    main(arguments)


def as_json_text(catches: "Matrix") -> str:
    """The matrix as JSON: every pair, and what does not hold on the sound lab."""
    unsound = [
        {"behaviour": verdict.behaviour.id, "ruling": verdict.ruling, "reason": verdict.reason}
        for verdict in catches.unsound
    ]
    pairs = [asdict(pair) for pair in catches.pairs]
    faults = list(catches.faults)
    return json.dumps({"faults": faults, "uncaught": catches.uncaught, "unsound": unsound, "pairs": pairs}, indent=2)


def described(catches: "Matrix") -> str:
    """The matrix and its score, in words: a line a fault, its misses below."""
    from svcproof.report.mutants import Catch

    lines = [f"does not hold on the sound lab: {verdict.behaviour.id}: {verdict.reason}" for verdict in catches.unsound]
    for fault in catches.faults:
        caught, missed = (catches.of(fault, catch) for catch in (Catch.CAUGHT, Catch.MISSED))
        undecided = catches.of(fault, Catch.UNDECIDED)
        lines.append(f"{'caught' if caught else 'MISSED'}  {fault}  {', '.join(caught) or 'by no declared behaviour'}")
        lines += [f"    missed by {name}" for name in missed] + [f"    undecided at {name}" for name in undecided]
        if others := catches.of(fault, Catch.CAUGHT, declared=False):
            lines.append(f"    also caught, undeclared, by {', '.join(others)}")
    declared = [pair for pair in catches.pairs if pair.declared]
    pairs = sum(pair.catch is Catch.CAUGHT for pair in declared)
    faults = len(catches.faults) - len(catches.uncaught)
    lines.append(f"{faults} of {len(catches.faults)} faults caught; {pairs} of {len(declared)} declared pairs")
    return "\n".join(lines)
