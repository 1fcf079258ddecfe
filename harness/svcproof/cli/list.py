"""`svcproof list`: the catalogue of behaviours; it needs no cluster."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import say, suite_option
from svcproof.printable import one_line

if TYPE_CHECKING:
    from svcproof.model.behaviour import Behaviour


@click.command(
    "list", short_help="List the behaviours.", epilog="Example: svcproof list --area node_port --json | jq -r '.[].id'"
)
@suite_option
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Only this area; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.option("--markdown", "as_page", is_flag=True, help="As the page docs/behaviours.md.")
def command(suites: tuple[str, ...], areas: tuple[str, ...], as_json: bool, as_page: bool) -> None:
    """List the behaviours: area, level, who answers for it, id and requirement."""
    from svcproof.declare.catalogue import selected
    from svcproof.plugin.own_suites import chosen
    from svcproof.report.pages import behaviours_page

    behaviours = selected(chosen(suites), areas)
    if as_json:
        click.echo(json.dumps([described(behaviour) for behaviour in behaviours], indent=2))
    elif as_page:
        say(behaviours_page(behaviours))
    else:
        say(table(behaviours))


def table(behaviours: "Sequence[Behaviour]") -> str:
    """Behaviours in columns, one a line."""
    rows = [
        tuple(map(one_line, (behaviour.area, behaviour.level, behaviour.by, behaviour.id, behaviour.requirement)))
        for behaviour in behaviours
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    lines = ([*(word.ljust(width) for word, width in zip(row, widths, strict=False)), row[-1]] for row in rows)
    return "\n".join(map("  ".join, lines))


def described(behaviour: "Behaviour") -> dict[str, Any]:
    """One behaviour as JSON has it; `requires` mixes capabilities of the cluster and features of the proxy."""
    return {
        "id": behaviour.id,
        "area": behaviour.area,
        "level": behaviour.level,
        "by": behaviour.by,
        "kep": behaviour.kep,
        "since": behaviour.since,
        "binding": behaviour.binding,
        "requirement": behaviour.requirement,
        "source": behaviour.spec,
        "because": behaviour.because,
        "otherwise": behaviour.otherwise,
        "requires": behaviour.needs,
        "faults": sorted(behaviour.faults),
    }
