"""`svcproof report`: the files of finished runs, made again from their facts."""

from pathlib import Path

import click

from svcproof.cli import say


@click.command(
    short_help="Make the files of a run again.",
    epilog="Example: svcproof report results/latest",
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
def command(runs: tuple[Path, ...]) -> None:
    """Make the files of finished runs again, from the facts in their run files and by each run's own claims.

    It judges nobody: the exit code is 0 where all could be made, whatever they say. To have runs judged, also by other
    claims, use `recheck`, which makes the same files.
    """
    from svcproof.report import files, runfile
    from svcproof.report.evidence import refuse_changed_files

    loaded = {place if place.is_dir() else place.parent: runfile.load(place) for place in runs}
    for directory, run in loaded.items():
        refuse_changed_files(run, directory)
    for directory, run in loaded.items():
        files.write(directory, run, run.verdicts())
        say(f"{directory}: {', '.join(files.FILES)}")
