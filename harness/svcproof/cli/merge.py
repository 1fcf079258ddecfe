"""`svcproof merge`: the shards of a run, put together."""

from pathlib import Path

import click


@click.command(
    short_help="Put the shards of a run together.",
    epilog="Example: svcproof merge shard-1 shard-2 --results whole",
)
@click.argument("shards", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option("--results", required=True, type=click.Path(path_type=Path), help="Directory for the whole run.")
def command(shards: tuple[Path, ...], results: Path) -> int:
    """Put the run files of all shards of a run (`svcproof run --shard 2/5`) into one, with its files.

    Exits as the whole run would have. Shards of different runs are refused: of another cluster, proxy or version,
    missing, or made twice; so is a run file that is not as it was written, or a file of its evidence. Those files that
    are there are copied.
    """
    from rich.console import Console

    from svcproof.report import files, runfile
    from svcproof.report.evidence import refuse_changed_files, with_copied_files
    from svcproof.report.merge import merged
    from svcproof.report.summary import render

    loaded = {place: runfile.load(place) for place in shards}
    merged({str(place): run for place, run in loaded.items()})  # Refuses before anything is copied.
    directories = {place: runfile.directory_of(place) for place in loaded}
    for place, run in loaded.items():
        refuse_changed_files(run, directories[place])
    runfile.refuse_existing(results)
    copies = {str(place): with_copied_files(run, directories[place], results) for place, run in loaded.items()}
    whole = merged(copies)
    whole = runfile.store(whole, results)
    verdicts = whole.verdicts()
    files.write(results, whole, verdicts)
    Console(highlight=False).print(render(whole, verdicts, results), soft_wrap=True)
    return whole.exit_code(verdicts)
