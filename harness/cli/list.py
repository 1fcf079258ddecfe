"""`svcproof list`: the catalogue of behaviours; it needs no cluster."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from harness.model.behaviour import Behaviour

PAGE = """\
# What is checked

{count} behaviours, {core} of them core: a MUST that needs no feature that a proxy may leave out. The level leads to the
clause; `by` is the part of the cluster that answers for it; the last column has the capabilities of the cluster and
the features of the proxy that it needs. [From a fact to an exit code](verdicts.md) says what follows from a level.
This page is made by `svcproof list --markdown`."""


@click.command(
    "list", short_help="List the behaviours.", epilog="Example: svcproof list --area node_port --json | jq -r '.[].id'"
)
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Only this folder of suites/; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.option("--markdown", "as_page", is_flag=True, help="As the page docs/behaviours.md.")
def command(areas: tuple[str, ...], as_json: bool, as_page: bool) -> None:
    """List the behaviours: area, level, who answers for it, id and requirement."""
    from harness.declare import suites_dir
    from harness.declare.catalogue import catalogue, selected

    found = selected(catalogue(suites_dir()), areas)
    if as_json:
        click.echo(json.dumps([described(one) for one in found], indent=2))
    elif as_page:
        click.echo(page(found))
    else:
        click.echo(table(found))


def table(found: "Sequence[Behaviour]") -> str:
    """Behaviours in columns, one a line."""
    rows = [(one.area, str(one.level), str(one.by), one.id, one.requirement) for one in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)] if rows else []
    lines = ([*(word.ljust(width) for word, width in zip(row, widths, strict=False)), row[-1]] for row in rows)
    return "\n".join(map("  ".join, lines))


def page(found: "Sequence[Behaviour]") -> str:
    """Behaviours as a page: a heading and a table for each area."""
    lines = [PAGE.format(count=len(found), core=sum(one.core for one in found))]
    for area, members in groupby(found, key=lambda one: one.area):
        lines += ["", f"## {area}", "", "| behaviour | level | by | requirement | needs |", "|---|---|---|---|---|"]
        for one in members:
            needs = ", ".join(sorted({*one.capabilities, *one.features}))
            lines.append(f"| `{one.id}` | [{one.level}]({one.spec}) | {one.by} | {one.requirement} | {needs} |")
    return "\n".join(lines)


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
