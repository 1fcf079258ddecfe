"""`svcproof replay`: scenarios from files, run on a cluster, and held against the promise."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import cluster_options, say
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.model.scenario import Scenario
    from svcproof.replay.session import Replayed


@click.command(
    short_help="Run scenarios from files.",
    epilog="Example: svcproof replay results/explore/found-1.yaml --proxy kube-proxy-nftables",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@cluster_options
def command(files: tuple[Path, ...], **said: Any) -> int:
    """Make the objects of each FILE, take its steps, and hold what every vantage sees after each against the promise.

    Exit code: 0 all as promised; 1 something is not; 2 interrupted; 3 the cluster did not come up, lacks what a
    scenario needs, or refused an object; 4 wrong usage or a wrong file.
    """
    from svcproof import declare
    from svcproof.model.options import Options
    from svcproof.replay.session import replay

    options = Options(**said)
    scenarios = read_files(files, options.faults)
    spec, proxy = declare.pair(options)
    ended = replay(
        scenarios,
        spec,
        proxy,
        options.faults,
        progress=lambda step: say(f"{step} ..."),
        told=lambda replayed: say("\n".join(described(replayed))),
    )
    if not all(replayed.holds for replayed in ended):
        return ExitCode.FAILED
    return ExitCode.UNDECIDED if any(replayed.refused for replayed in ended) else ExitCode.OK


def read_files(files: tuple[Path, ...], faults: tuple[str, ...]) -> "list[tuple[str, Scenario]]":
    """Read every file; raises UsageError with every mistake in all of them."""
    from svcproof.declare.scenarios import scenario
    from svcproof.errors import UsageError, gathered

    problems: list[str] = []
    scenarios = []
    for path in files:
        with gathered(problems):
            scenarios.append((str(path), scenario(path)))
    if faults:
        from svcproof import providers

        problems += providers.find("lab").fault_problems(faults)
    if problems:
        raise UsageError(problems)
    return scenarios


def described(replayed: "Replayed") -> Iterator[str]:
    """Yield the lines that tell of one scenario: each change, and what is not as promised after it."""
    yield f"{replayed.name}: {replayed.scenario.title}"
    for judgement in replayed.judgements:
        size = f"{judgement.cells} looks from a vantage at a door"
        if judgement.holds:
            yield f"  {judgement.after}  {judgement.change}: as promised, {size}"
            continue
        yield f"  {judgement.after}  {judgement.change}: NOT as promised"
        for text in (judgement.table if judgement.differences else "", *judgement.unmet):
            yield from (f"     {line}".rstrip() for line in text.splitlines())
    if replayed.refused:
        yield f"  refused, so that nothing follows: {replayed.refused}"
