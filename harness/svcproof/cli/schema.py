"""`svcproof schema`: what a declaration may say, and what a run file holds, for editors and other programs."""

import json

import click

from svcproof.cli import say
from svcproof.errors import UsageError


@click.command(
    short_help="Print the JSON Schema of a declaration, or of a run file.",
    epilog="Example: svcproof schema proxy > proxy.schema.json",
)
@click.argument(
    "kind",
    type=click.Choice(["about", "baseline", "claim", "cluster", "known-issues", "matrix", "proxy", "run", "scenario"]),
)
@click.option("--markdown", "as_page", is_flag=True, help="Of run: as the page docs/run-file.md.")
def command(kind: str, as_page: bool) -> None:
    """Print the JSON Schema of a YAML file that svcproof reads, or of each line of a run's run.jsonl.

    `about` is what a project says of itself, for its claims.
    """
    from svcproof import declare
    from svcproof.report.schema import schema
    from svcproof.report.schema_page import run_file_page

    if as_page and kind != "run":
        raise UsageError(f"--markdown is for the schema of a run: there is no page of {kind}")
    if as_page:
        say(run_file_page(schema()))
    else:
        click.echo(json.dumps(schema() if kind == "run" else declare.schema(kind), indent=2))
