"""`svcproof list`: the catalogue of behaviours; it needs no cluster."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from harness.model.behaviour import Behaviour


@click.command(
    "list", short_help="List the behaviours.", epilog="Example: svcproof list --area node_port --json | jq -r '.[].id'"
)
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Only this folder of suites/; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def command(areas: tuple[str, ...], as_json: bool) -> None:
    """List the behaviours: area, level, who answers for it, id and requirement."""
    from harness.declare import suites_dir
    from harness.declare.catalogue import catalogue, selected

    found = selected(catalogue(suites_dir()), areas)
    if as_json:
        click.echo(json.dumps([described(one) for one in found], indent=2))
        return
    rows = [(one.area, str(one.level), str(one.by), one.id, one.requirement) for one in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    for row in rows:
        click.echo("  ".join([*(word.ljust(width) for word, width in zip(row, widths, strict=False)), row[-1]]))


def described(behaviour: "Behaviour") -> dict[str, Any]:
    """One behaviour as JSON has it; `requires` mixes capabilities of the cluster and features of the proxy."""
    return {
        "id": behaviour.id,
        "area": behaviour.area,
        "level": behaviour.level,
        "by": behaviour.by,
        "requirement": behaviour.requirement,
        "source": behaviour.spec,
        "requires": sorted({*behaviour.capabilities, *behaviour.features}),
        "faults": sorted(behaviour.faults),
    }
