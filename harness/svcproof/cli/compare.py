"""`svcproof compare`: runs side by side, or one against an earlier one."""

from pathlib import Path

import click

from svcproof.exit_code import ExitCode


@click.command(
    short_help="Put runs side by side.",
    epilog="Example: svcproof compare results/iptables results/nftables --markdown compared.md",
)
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "--against", type=click.Path(path_type=Path), metavar="DIR", help="An earlier run: what moved since then."
)
@click.option("--by", type=click.Choice(["kep", "area", "level"]), default="kep", show_default=True, help="Groups.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it as Markdown, too.")
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Write every cell as CSV, too.")
def command(runs: tuple[Path, ...], against: Path | None, by: str, markdown: Path | None, table: Path | None) -> int:
    """Compare runs (directories of results, or run files): how much of each promise they show, and where they differ.

    What a run could not show is no difference, and counts neither way. With --against, one run is compared with an
    earlier one over what both have; it exits with 1 if a behaviour held then and no longer does.
    """
    from rich.console import Console

    from svcproof.disk import write_whole
    from svcproof.errors import UsageError
    from svcproof.model.matrix import matrix
    from svcproof.model.movement import Movement, movements
    from svcproof.report import runfile
    from svcproof.report.comparison import markdown as as_markdown
    from svcproof.report.comparison import table as as_table
    from svcproof.report.comparison.names import named
    from svcproof.report.comparison.terminal import render

    if against and len(runs) > 1:
        raise UsageError(f"--against compares one run with an earlier one, and {len(runs)} were given; name one")
    every = matrix({name: runfile.load(place) for name, place in named([against, *runs] if against else runs).items()})
    Console(highlight=False).print(render(every, by, moved=bool(against)), soft_wrap=True)
    if markdown:
        write_whole(markdown, (as_markdown.against(every) if against else as_markdown.compared(every, by)).encode())
    if table:
        write_whole(table, as_table.compared(every).encode())
    return ExitCode.FAILED if against and movements(every)[Movement.REGRESSION] else ExitCode.OK
