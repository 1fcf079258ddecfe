"""`svcproof clean`: remove what killed runs left behind."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcproof.cli import say
from svcproof.exit_code import ExitCode

if TYPE_CHECKING:
    from svcproof.ledger import LeftAlone
    from svcproof.model.cluster import Leftover


@click.command(
    short_help="Remove what killed runs left behind.",
    epilog="Example: svcproof clean --dry-run",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--kubeconfig", default="", metavar="FILE", help="Clean the cluster it leads to, whoever ran there.")
@click.option("--context", default="", metavar="NAME", help="The context in it to use.")
def command(dry_run: bool, kubeconfig: str, context: str) -> int:
    """Remove what runs of this user, which are gone, have left; labs and clusters in use, and all not ours, stay.

    With --kubeconfig or --context, what runs have left in that cluster, begun on whichever machine: see first with
    --dry-run whether one of them is still going on elsewhere. Exit code 3 where something is left that nobody uses.
    """
    from svcproof.ledger import scratch
    from svcproof.providers.kubeconfig import leftovers_in

    if not kubeconfig and not context:
        leftovers, failures = _on_this_machine()
        return _clean(leftovers, dry_run, failures)
    with scratch.scratch() as directory:
        path = str(Path(kubeconfig).absolute()) if kubeconfig else ""
        return _clean(leftovers_in(path, context, directory), dry_run)


def _on_this_machine() -> tuple[list["Leftover | LeftAlone"], int]:
    """Return what providers find, and the number of those that cannot look, having said why."""
    from svcproof import providers
    from svcproof.errors import SvcproofError

    leftovers: list[Leftover | LeftAlone] = []
    failures = 0
    for name in providers.names():
        try:
            leftovers += providers.find(name).leftovers()
        except (OSError, SvcproofError) as error:
            failures += 1
            say(f"could not look for what runs on {name} have left: {error}", err=True)
    return leftovers, failures


def _clean(leftovers: Sequence["Leftover | LeftAlone"], dry_run: bool, failures: int = 0) -> int:
    from svcproof.errors import SvcproofError
    from svcproof.ledger import LeftAlone

    for leftover in leftovers:
        if isinstance(leftover, LeftAlone):
            failures += not leftover.in_use
            say(f"left alone {leftover}", err=True)
            continue
        try:
            if not dry_run:
                leftover.remove()
            say(f"{'would remove' if dry_run else 'removed'} {leftover}")
        except (OSError, SvcproofError) as error:
            failures += 1
            say(f"could not remove {leftover}: {error}", err=True)
    if not leftovers and not failures:
        say("nothing was left behind")
    return ExitCode.UNDECIDED if failures else ExitCode.OK
