"""`svcproof list`: the catalogue of behaviours; it needs no cluster."""

import json
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from svcproof.cli import criteria_options, say, suite_option
from svcproof.exit_code import ExitCode
from svcproof.printable import one_line

if TYPE_CHECKING:
    from svcproof.model.behaviour import Behaviour


@click.command(
    "list", short_help="List the behaviours.", epilog="Example: svcproof list --area node_port --json | jq -r '.[].id'"
)
@suite_option
@criteria_options
@click.option(
    "--group-by", type=click.Choice(["area", "kep"]), default="area", show_default=True, help="The order of the list."
)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.option("--markdown", "as_page", is_flag=True, help="As the page docs/behaviours.md.")
def command(
    suites: tuple[str, ...], group_by: str, as_json: bool, as_page: bool, **words: tuple[str, ...]
) -> int | None:
    """List the behaviours: area, level, who answers for it, id and requirement."""
    from svcproof.model import criteria
    from svcproof.plugin.own_suites import chosen
    from svcproof.report.pages import behaviours_page

    known = chosen(suites)
    selection = criteria.read(words, known)
    behaviours = [behaviour for behaviour in known if criteria.meets(behaviour, selection)]
    if group_by == "kep":
        behaviours.sort(key=lambda behaviour: behaviour.kep or math.inf)
    if as_json:
        click.echo(json.dumps([described(behaviour) for behaviour in behaviours], indent=2))
    elif as_page:
        say(behaviours_page(behaviours, group_by))
    elif behaviours:
        say("\n".join(by_enhancement(behaviours)) if group_by == "kep" else table(behaviours))
    if behaviours:
        return None
    say("no behaviour was selected: each of these options leaves out what others select", err=True)
    return ExitCode.NOTHING_SELECTED


def by_enhancement(behaviours: "Sequence[Behaviour]") -> Iterator[str]:
    """Yield a table for each Kubernetes enhancement, below its name and the number of its behaviours."""
    from svcproof.model.keps import called

    for kep, group in groupby(behaviours, key=lambda behaviour: behaviour.kep):
        members = list(group)
        yield f"{called(kep)}: {len(members)}"
        yield indent(table(members), "  ")


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
        "beta": behaviour.beta,
        "binding": behaviour.binding,
        "requirement": behaviour.requirement,
        "source": behaviour.spec,
        "because": behaviour.because,
        "otherwise": behaviour.otherwise,
        "requires": behaviour.needs,
        "faults": sorted(behaviour.faults),
    }
