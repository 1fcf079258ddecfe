"""`svcproof matrix`: every cluster with every proxy of a matrix file, run, kept and compared."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import say, shape_options
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.declare import Selection
    from svcproof.declare.document import Mistake
    from svcproof.model.behaviour import Behaviour
    from svcproof.model.matrix_spec import MatrixSpec


@click.command(
    short_help="Run every combination of a matrix, and compare.",
    epilog="Example: svcproof matrix fixtures/matrices/kube-proxy.yaml --only 'kube-proxy-nftables@1.33.*'",
)
@click.argument("file", metavar="NAME|FILE")
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory for all results [default: results/matrix-<name of the file>].",
)
@click.option(
    "--only", multiple=True, metavar="PATTERN", help="Run only what is called so, such as 'kube-proxy-*'; repeatable."
)
@click.option(
    "--again", multiple=True, metavar="PATTERN", help="Run what is called so again, whatever is there; repeatable."
)
@click.option("--dry-run", is_flag=True, help="Say what would be run, and why; run nothing.")
@shape_options
def command(
    file: str, results: Path | None, only: tuple[str, ...], again: tuple[str, ...], dry_run: bool, by: str, **files: Any
) -> int:
    """Run what FILE declares, each combination of proxy, cluster, IP families and repeat by itself; then compare.

    The same command goes on where it was cut, and runs again only what has changed since. What cannot be had is a
    column with the reason. Exit code: 0 nothing speaks against a proxy; 1 a MUST failed; 2 interrupted; 3 something
    is unknown or could not be decided; 4 wrong usage or declaration.
    """
    from rich.console import Console

    from svcproof import declare
    from svcproof.combinations import columns, execution, process, record
    from svcproof.combinations.ingredients import ingredients
    from svcproof.combinations.plan import plan
    from svcproof.combinations.progress import Progress
    from svcproof.ledger.lock import locked
    from svcproof.model.combination import short_names
    from svcproof.model.matrix import matrix
    from svcproof.report import comparison_files
    from svcproof.report.comparison.terminal import render

    declared = declare.matrix(file, selection)
    suites = rooted_suites(declared.spec, declare.matrix_file(file).parent)
    results = results or Path("results", f"matrix-{declared.name}")
    comparison_files.refuse(files, [])
    parts = ingredients(declared.combinations, declared.spec, suites)
    names = short_names(declared.combinations)
    remedy = "wait for that svcproof matrix, or choose another --results"
    with nullcontext() if dry_run else locked(lock_of(results), str(results), remedy):
        kept = {combination.id: record.kept(results / combination.id) for combination in declared.combinations}
        planned = plan(declared.combinations, parts, kept, only=only, again=again)
        console = Console(highlight=False)
        progress = Progress(console, planned, names)
        progress.planned(declared.spec.title, planned)
        if dry_run:
            return ExitCode.OK
        try:
            kept = execution.Execution(declared.spec, suites, results, parts, process.run).make(planned, progress)
        except KeyboardInterrupt:
            progress.stop()
            say(f"interrupted; what was done is in {results}, and the same command goes on", err=True)
            raise
    every = matrix(columns.runs(planned, kept, names))
    console.print(render(every, by), soft_wrap=True)
    places = {names[combination.id]: results / combination.id for combination in declared.combinations}
    comparison_files.write(files, every, places, by)
    return execution.exit_code(planned, kept)


def lock_of(results: Path) -> str:
    """The name of the lock on a directory of results."""
    return f"matrix-{sha256(str(results.resolve()).encode()).hexdigest()[:16]}"


def rooted_suites(spec: "MatrixSpec", folder: Path) -> tuple[str, ...]:
    """The words of --suite, paths relative to the folder of the file."""
    from svcproof.declare.places import BUILTIN

    return tuple(word if word == BUILTIN else str(folder / word) for word in spec.suites)


def selection(spec: "MatrixSpec", folder: Path) -> "Selection":
    """The ids of all behaviours, for a matrix file, and what is wrong with what it selects of them."""
    from svcproof.declare import Selection, suites_dir
    from svcproof.declare.catalogue import catalogue
    from svcproof.declare.document import Mistake
    from svcproof.errors import UsageError
    from svcproof.plugin.own_suites import chosen

    suites = rooted_suites(spec, folder)
    try:
        behaviours = chosen(suites)
    except UsageError as error:
        return Selection(None, [Mistake(("suites",), problem) for problem in error.problems])
    documented = {behaviour.id for behaviour in (*behaviours, *(catalogue(suites_dir()) if suites else ()))}
    return Selection(documented, list(mistakes(spec, behaviours)))


def mistakes(spec: "MatrixSpec", behaviours: "Sequence[Behaviour]") -> "Iterator[Mistake]":
    """Yield what is wrong with the values by which a matrix selects."""
    from svcproof import limits
    from svcproof.cli.run import expression_problem
    from svcproof.declare.document import Mistake
    from svcproof.errors import gathered
    from svcproof.model import criteria

    for name in criteria.CRITERIA:
        problems: list[str] = []
        with gathered(problems):
            criteria.read({name: getattr(spec.select, name)}, behaviours)
        yield from (Mistake(("select", name), problem) for problem in problems)
    if problem := expression_problem(spec.select.expression):
        yield Mistake(("select", "expression"), problem)
    problems = []
    with gathered(problems):
        limits.read(spec.patience)
    yield from (Mistake(("patience",), problem) for problem in problems)
