"""`svcproof compare`: runs side by side, or one against an earlier one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import shape_options
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.model.known_issue import KnownIssue
    from svcproof.model.run import Run


@click.command(
    short_help="Put runs side by side.",
    epilog="Example: svcproof compare results/iptables results/nftables --markdown compared.md",
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "--against", type=click.Path(path_type=Path), metavar="DIR", help="An earlier run: what moved since then."
)
@click.option("--known-issues", type=click.Path(path_type=Path), metavar="FILE", help="Issues to link from cells.")
@shape_options
def command(runs: tuple[Path, ...], against: Path | None, by: str, known_issues: Path | None, **files: Any) -> int:
    """Compare runs (directories of results, or run files): how much of each promise they show, and where they differ.

    What a run could not show is no difference, and counts neither way. A run that is named twice, as by
    results/latest, is shown once. With --against, one run is compared with an earlier one over what both have; it exits
    with 1 if a behaviour held then and no longer does.
    """
    from rich.console import Console

    from svcproof.errors import UsageError, gathered
    from svcproof.model.matrix import matrix, with_issues
    from svcproof.model.movement import Movement, movements
    from svcproof.report import comparison_files, runfile
    from svcproof.report.comparison.names import named
    from svcproof.report.comparison.terminal import render

    if against and len(runs) > 1:
        raise UsageError(f"--against compares one run with an earlier one, and {len(runs)} were given; name one")
    places = [against, *runs] if against else list({os.path.realpath(place): place for place in runs}.values())
    names, problems = named(places), list[str]()
    loaded: dict[str, Run] = {}
    for name, place in names.items():
        with gathered(problems):
            loaded[name] = runfile.load(place)
    with gathered(problems):
        comparison_files.refuse(files, places)
    if problems:
        raise UsageError(problems)
    every = matrix(loaded)
    if known_issues:
        every = with_issues(every, issues_of(known_issues, [column.run for column in every.columns]))
    Console(highlight=False).print(render(every, by, moved=bool(against)), soft_wrap=True)
    comparison_files.write(files, every, names, by, moved=bool(against))
    return ExitCode.FAILED if against and movements(every)[Movement.REGRESSION] else ExitCode.OK


def issues_of(path: Path, runs: "Sequence[Run]") -> "tuple[KnownIssue, ...]":
    """The issues in a file; raises UsageError with all its mistakes, such as a name that nobody has."""
    from svcproof import declare
    from svcproof.declare.catalogue import catalogue
    from svcproof.declare.known_issues import known_issues

    selected = (behaviour for run in runs for behaviour in run.behaviours)
    behaviours = {behaviour.id for behaviour in (*catalogue(declare.suites_dir()), *selected)}
    proxies = {*declare.names("proxies"), *(run.header.proxy.name for run in runs)}
    return known_issues(path, behaviours, proxies)
