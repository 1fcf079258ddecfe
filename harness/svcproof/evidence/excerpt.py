"""The few lines of a check's evidence that matter: what changed in the rules of its Services, on the node concerned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from svcproof.evidence import dumps
from svcproof.evidence.subject import Subject
from svcproof.evidence.times import clock
from svcproof.model.evidence import RuleDump

MOST_LINES = 16
LONGEST_LINE = 240


@dataclass(frozen=True, slots=True)
class NodeRules:
    """The rules of a node before the last change of a check, where they were recorded, and at its end."""

    subject: Subject
    before: RuleDump | None
    now: RuleDump

    @property
    def change(self) -> tuple[str, ...]:
        """The rules of the Services that went and came; empty where none did, or it is not known."""
        return dumps.difference(self.before, self.now, self.subject) if self.before else ()

    @property
    def current(self) -> tuple[str, ...]:
        """The rules of the Services at the end."""
        return dumps.rules_of(self.now, self.subject)


def changes(nodes: Iterable[NodeRules]) -> str:
    """The rules of the Services that went and came, node after node."""
    return "\n".join(_change(rules) for rules in nodes if rules.before)


def current(nodes: Iterable[NodeRules]) -> str:
    """The rules of the Services at the end, node after node."""
    return "\n".join(
        "".join(f"{line}\n" for line in (f"# {rules.now.node} at {clock(rules.now.at)}", *(rules.current or ("none",))))
        for rules in nodes
    )


def excerpt(nodes: Sequence[NodeRules]) -> str:
    """The lines that explain most: the change on the first node, or the rules there where nothing changed."""
    if not nodes:
        return ""
    first = nodes[0]
    title = f"rules of {first.subject.title} on {first.now.node}"
    if change := first.change:
        return "\n".join((f"{title}, before and after the last change:", *_bounded(change)))
    unchanged = ", which the last change did not change" if first.before else ""
    return "\n".join((f"{title}{unchanged}:", *_bounded(dumps.mentions_of(first.now, first.subject) or ("none",))))


def _change(rules: NodeRules) -> str:
    lines = rules.change or (f"--- {rules.now.node}: no rule of {rules.subject.title} changed",)
    return "".join(f"{line}\n" for line in lines)


def _bounded(lines: Sequence[str]) -> list[str]:
    kept = [line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in lines[:MOST_LINES]]
    return [*kept, f"({len(lines) - MOST_LINES} more)"] if len(lines) > MOST_LINES else kept
