"""`svcproof explore`: worlds drawn at random, held against the promise, and what differs made small."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import cluster_options
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.explore.session import Wanted


@click.command(
    short_help="Search for what a proxy does wrong.",
    epilog="Example: svcproof explore --proxy ./mine.yaml --minutes 10",
)
@cluster_options
@click.option(
    "--minutes", type=click.FloatRange(0, 10_000, min_open=True), default=5.0, show_default=True, help="Time to search."
)
@click.option("--worlds", type=click.IntRange(1), metavar="N", help="End after N worlds, if there is time for them.")
@click.option("--seed", type=click.IntRange(0), default=None, help="Draw from this seed [default: one at random].")
@click.option(
    "--steps", type=click.IntRange(0, 50), default=4, show_default=True, help="Draw no more than N edits of a world."
)
@click.option(
    "--side-by-side",
    type=click.IntRange(1, 32),
    default=8,
    show_default=True,
    help="Worlds that are tried at once.",
)
@click.option("--against", default="", metavar="NAME|FILE", help="Show only what this proxy does otherwise (lab).")
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Directory for findings [default: one in results/].",
)
def command(
    minutes: float,
    worlds: int | None,
    seed: int | None,
    steps: int,
    side_by_side: int,
    against: str,
    results: Path | None,
    **said: Any,
) -> int:
    """Draw Services, EndpointSlices and edits, and hold what every vantage sees after each edit against the promise.

    A difference is seen again in a fresh world, made as small as it gets, and printed with a file for svcproof replay.
    Exit code: 0 nothing found; 1 something found; 2 interrupted; 3 the cluster did not come up or broke; 4 wrong usage.
    """
    from rich.console import Console

    from svcproof.explore.progress import Reporter
    from svcproof.explore.session import explore

    wanted = read_options(minutes, worlds, seed, steps, side_by_side, against, results, said)
    reporter = Reporter(Console(highlight=False, soft_wrap=True), wanted.minutes, wanted.seed)
    try:
        tally = explore(wanted, reporter)
    except KeyboardInterrupt:
        reporter.finish("interrupted")
        raise
    reporter.finish("done")
    return ExitCode.FAILED if tally.findings else ExitCode.OK


def read_options(
    minutes: float,
    worlds: int | None,
    seed: int | None,
    steps: int,
    side_by_side: int,
    against: str,
    results: Path | None,
    said: dict[str, Any],
) -> "Wanted":
    """Read all options; raises UsageError with every mistake, before anything is made."""
    import secrets

    from svcproof import declare, providers
    from svcproof.errors import UsageError, gathered
    from svcproof.explore.session import Wanted
    from svcproof.model.options import Options

    options, problems = Options(**said), list[str]()
    pair = other = None
    with gathered(problems):
        pair = declare.pair(options)
    if against:
        with gathered(problems):
            _, other = declare.pair(Options(**said | {"proxy": against}))
        if pair and pair[0].provider != "lab":
            problems.append("--against: the other proxy runs in a second lab, so the first must be in one, too")
    if options.faults and pair:
        problems += providers.find(pair[0].provider).fault_problems(options.faults)
    if problems or pair is None:
        raise UsageError(problems)
    return Wanted(
        cluster=pair[0],
        proxy=pair[1],
        against=other,
        faults=options.faults,
        minutes=minutes,
        seed=secrets.randbelow(1 << 31) if seed is None else seed,
        most_steps=steps,
        most_worlds=worlds or 0,
        side_by_side=side_by_side,
        results=results or Path("results", f"explore-{datetime.now(UTC):%Y%m%d-%H%M%S}"),
    )
