"""`svcproof mutants`: is every fault caught by the behaviours that say they catch it?"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from harness.model.behaviour import Behaviour
    from harness.model.verdict import Verdict
    from harness.report.mutants import Matrix

SVCPROOF = (sys.executable, "-c", "from harness.cli import main; main()")
LAST_LINES = 20


@click.command(
    short_help="Show that every fault is caught.",
    epilog="Example: svcproof mutants --fault proxy/no-reject --fault dns/wrong-domain",
)
@click.option("--fault", "faults", multiple=True, metavar="PART/NAME", help="Only this fault; repeatable.")
@click.option("--all", "everything", is_flag=True, help="Run every behaviour under each fault, not its own alone.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Runs side by side.")
@click.option("--json", "as_json", is_flag=True, help="The matrix as JSON.")
def command(faults: tuple[str, ...], everything: bool, workers: int, as_json: bool) -> int:
    """Run the suites on the sound lab, then under each fault, and print which behaviour catches which.

    Exit code 0 only if each fault is caught, and by each behaviour that declares it.
    """
    from harness.lab.faults.catalogue import known_faults
    from harness.report.mutants import matrix

    behaviours = _catalogue(faults)
    faults = faults or tuple(known_faults())
    with tempfile.TemporaryDirectory(prefix="svcproof-mutants-") as place:
        jobs = list(_jobs(behaviours, faults, everything, Path(place)))
        with ThreadPoolExecutor(workers) as pool:
            # The sound run is first in the queue, and what takes longest.
            results = dict(zip((job[0] for job in jobs), pool.map(_verdicts, jobs), strict=True))
    found = matrix(results.pop(""), {fault: results.get(fault, ()) for fault in faults})
    click.echo(as_json_text(found) if as_json else described(found))
    return found.exit_code


def _catalogue(faults: Sequence[str]) -> "tuple[Behaviour, ...]":
    """All behaviours; raises UsageError for unknown faults: those asked for, or, for the whole matrix, declared."""
    from harness.declare import suites_dir
    from harness.declare.catalogue import catalogue
    from harness.errors import UsageError
    from harness.lab.faults.catalogue import fault_problems

    behaviours = catalogue(suites_dir())
    problems = fault_problems(faults)
    for one in () if faults else behaviours:
        problems += [f"behaviour {one.id}: {problem}" for problem in fault_problems(one.faults)]
    if problems:
        raise UsageError(problems)
    return behaviours


def _jobs(
    behaviours: "Sequence[Behaviour]", faults: Sequence[str], everything: bool, place: Path
) -> Iterator[tuple[str, list[str], Path]]:
    """Yield the fault (none: the sound run), the arguments of `svcproof run`, and where its results go."""
    from harness.cli.run import exactly
    from harness.report.mutants import declaring

    ids = [one.id for one in behaviours]
    for number, fault in enumerate(["", *faults]):
        wanted = behaviours if everything else declaring(behaviours, [fault] if fault else faults)
        if not wanted:
            continue
        selection = [] if everything else ["-k", " or ".join(f"({exactly(one.id, ids)})" for one in wanted)]
        results = place / str(number)
        yield fault, [*(["--fault", fault] if fault else []), "--results", str(results), *selection], results


def _verdicts(job: tuple[str, list[str], Path]) -> "tuple[Verdict, ...]":
    from harness.errors import ProvisionError
    from harness.report import runfile

    fault, arguments, results = job
    done = subprocess.run(
        [*SVCPROOF, "run", "--cluster", "lab", "--proxy", "reference", *arguments], capture_output=True, text=True
    )
    click.echo(f"ran {fault or 'the sound lab'}: exit code {done.returncode}", err=True)
    if not (results / "run.jsonl").exists():
        said = "\n".join((done.stdout + done.stderr).splitlines()[-LAST_LINES:])
        raise ProvisionError(f"svcproof run {' '.join(arguments)} left no results; it said:\n{said}")
    return runfile.load(results).verdicts()


def as_json_text(found: "Matrix") -> str:
    """The matrix as JSON: every pair, and what does not hold on the sound lab."""
    unsound = [{"behaviour": one.behaviour.id, "ruling": one.ruling, "reason": one.reason} for one in found.unsound]
    pairs = [asdict(one) for one in found.pairs]
    return json.dumps({"uncaught": found.uncaught, "unsound": unsound, "pairs": pairs}, indent=2)


def described(found: "Matrix") -> str:
    """The matrix and its score, in words: a line a fault, its misses below."""
    from harness.report.mutants import Catch

    lines = [f"does not hold on the sound lab: {one.behaviour.id}: {one.reason}" for one in found.unsound]
    for fault in found.faults:
        caught, missed = (found.of(fault, catch) for catch in (Catch.CAUGHT, Catch.MISSED))
        undecided = found.of(fault, Catch.UNDECIDED)
        lines.append(f"{'caught' if caught else 'MISSED'}  {fault}  {', '.join(caught) or 'by no declared behaviour'}")
        lines += [f"    missed by {one}" for one in missed] + [f"    undecided at {one}" for one in undecided]
        if others := found.of(fault, Catch.CAUGHT, declared=False):
            lines.append(f"    also caught, undeclared, by {', '.join(others)}")
    declared = [one for one in found.pairs if one.declared]
    pairs = sum(one.catch is Catch.CAUGHT for one in declared)
    faults = len(found.faults) - len(found.uncaught)
    lines.append(f"{faults} of {len(found.faults)} faults caught; {pairs} of {len(declared)} declared pairs")
    return "\n".join(lines)
