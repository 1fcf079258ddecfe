"""`svcproof clean`: remove what killed runs left behind."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from harness.cli import say

if TYPE_CHECKING:
    from harness.model.cluster import Leftover


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
    --dry-run whether one of them is still going on elsewhere. Exit code 3 where something could not be removed.
    """
    from harness import providers
    from harness.providers.kubeconfig import leftovers_in

    with TemporaryDirectory(prefix="svcproof-") as directory:
        if kubeconfig or context:
            found = leftovers_in(str(Path(kubeconfig).absolute()) if kubeconfig else "", context, Path(directory))
        else:
            found = tuple(one for name in providers.names() for one in providers.find(name).leftovers())
        return _removed(found, dry_run)


def _removed(found: Sequence["Leftover"], dry_run: bool) -> int:
    from harness.errors import SvcproofError

    left = 0
    for one in found:
        try:
            if not dry_run:
                one.remove()
            say(f"{'would remove' if dry_run else 'removed'} {one}")
        except (OSError, SvcproofError) as error:
            left += 1
            say(f"could not remove {one}: {error}", err=True)
    if not found:
        say("nothing was left behind")
    return 3 if left else 0
