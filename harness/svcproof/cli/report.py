"""`svcproof report`: the files of finished runs, made again from their facts, and more for continuous integration."""

import os
from pathlib import Path

import click

from svcproof.cli import say

BADGES = (".svg", ".json")
ANOTHER = "name a file in a directory that exists, where this user may write"


@click.command(
    short_help="Make the files of a run again.",
    epilog="Example: svcproof report results/latest",
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option("--tap", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write TAP 14, too.")
@click.option(
    "--badge",
    "badges",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a badge, too: a picture (.svg) or the file for shields.io (.json); repeatable.",
)
@click.option("--github", is_flag=True, help="Hand over annotations, summary and outputs to a job on GitHub, too.")
def command(runs: tuple[Path, ...], tap: Path | None, badges: tuple[Path, ...], github: bool) -> None:
    """Make the files of finished runs again, from the facts in their run files and by each run's own claims.

    It judges nobody: the exit code is 0 where all could be made, whatever they say. To have runs judged, also by other
    claims, use `recheck`, which makes the same files.
    """
    from datetime import UTC, datetime

    from svcproof.disk import write_or_raise
    from svcproof.errors import UsageError, gathered
    from svcproof.printable import one_line
    from svcproof.report import files, runfile
    from svcproof.report.ci import tap as as_tap
    from svcproof.report.ci.badge import badge, endpoint, svg
    from svcproof.report.ci.step import hand_over, refuse_elsewhere
    from svcproof.report.evidence import refuse_changed_files

    problems = [f"--badge {path}: its name must end in .svg or .json" for path in badges if path.suffix not in BADGES]
    if len(runs) > 1 and (tap or badges or github):
        problems.append(f"--tap, --badge and --github are for one run, and {len(runs)} were given; name one")
    if github:
        with gathered(problems):
            refuse_elsewhere(os.environ)
    if problems:
        raise UsageError(problems)
    loaded = {runfile.directory_of(place): runfile.load(place) for place in runs}
    for directory, run in loaded.items():
        refuse_changed_files(run, directory)
    for directory, run in loaded.items():
        verdicts = run.verdicts()
        files.write(directory, run, verdicts)
        # Where a runner of GitHub reads this, no name may look like a line of its own.
        say(f"made in {one_line(str(directory))}: {', '.join(files.FILES)}")
        if tap:
            write_or_raise(tap, as_tap.content(run, verdicts), ANOTHER)
        for path in badges:
            of_run = badge(run, verdicts, datetime.now(UTC).date())
            write_or_raise(path, svg(of_run) if path.suffix == ".svg" else endpoint(of_run), ANOTHER)
        if github:
            for line in hand_over(run, verdicts, directory, os.environ):
                say(line)
