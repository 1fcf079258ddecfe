"""`svcproof clean`: remove what killed runs left behind."""

import click


@click.command(
    short_help="Remove what killed runs left behind.",
    epilog="Example: svcproof clean --dry-run",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def command(dry_run: bool) -> int:
    """End and remove the labs of this user whose run is gone; labs in use, and all that is not ours, stay.

    Exit code 3 where something could not be removed.
    """
    from harness import providers
    from harness.errors import SvcproofError

    found = [one for name in providers.names() for one in providers.find(name).leftovers()]
    left = 0
    for one in found:
        try:
            if not dry_run:
                one.remove()
            click.echo(f"{'would remove' if dry_run else 'removed'} {one}")
        except (OSError, SvcproofError) as error:
            left += 1
            click.echo(f"could not remove {one}: {error}", err=True)
    if not found:
        click.echo("nothing was left behind")
    return 3 if left else 0
