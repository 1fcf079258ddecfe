"""`svcproof schema`: what a declaration may say, for editors."""

import json

import click


@click.command(
    short_help="Print the JSON Schema of a declaration.",
    epilog="Example: svcproof schema proxy > proxy.schema.json",
)
@click.argument("kind", type=click.Choice(["cluster", "proxy"]))
def command(kind: str) -> None:
    """Print the JSON Schema of a cluster's or a proxy's YAML file."""
    from svcproof import declare

    click.echo(json.dumps(declare.schema(kind), indent=2))
