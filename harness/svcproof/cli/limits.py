"""`svcproof limits`: the named limits of a run, which --patience multiplies."""

import click

from svcproof.cli import say


@click.command(
    short_help="List the limits that --patience multiplies.",
    epilog="Example: svcproof limits",
)
def command() -> None:
    """Print every limit, with what must happen within it and why that may take so long: the page docs/limits.md."""
    from svcproof.report.pages import limits_page

    say(limits_page())
