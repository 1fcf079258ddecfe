"""`svcproof rules`: the rules of a Service proxy, from which it follows what a client may see."""

import json
from textwrap import fill
from typing import TYPE_CHECKING

import click

from svcproof.cli import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcproof.promise.rules import Section


@click.command(
    short_help="Print the rules of a Service proxy.",
    epilog="Example: svcproof rules --json | jq -r '.[].name'",
)
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
@click.option("--markdown", "as_page", is_flag=True, help="As the page docs/promise.md.")
def command(as_json: bool, as_page: bool) -> None:
    """Print the rules by which the model of a Service proxy decides what a client may see, by subject."""
    from svcproof.promise.rules import SECTIONS
    from svcproof.report.rules_page import rules_page

    if as_json:
        click.echo(json.dumps(described(SECTIONS), indent=2))
    else:
        say(rules_page(SECTIONS) if as_page else "\n\n".join(map(shown, SECTIONS)))


def shown(section: "Section") -> str:
    """The rules of a section below its title, each with its level."""
    lines = [section.title]
    for question in section.rules:
        lines += [f"  {question.rule.level:<6} {question.rule.name}"]
        lines += [fill(question.rule.text, 110, initial_indent=" " * 9, subsequent_indent=" " * 9)]
    return "\n".join(lines)


def described(sections: "Sequence[Section]") -> list[dict[str, object]]:
    """Every rule as JSON has it."""
    return [
        {
            "name": question.rule.name,
            "section": section.title,
            "text": question.rule.text,
            "level": question.rule.level,
            "clause": question.rule.clause,
            "kep": question.rule.kep,
            "since": question.rule.since,
            "feature": question.rule.feature,
        }
        for section in sections
        for question in section.rules
    ]
