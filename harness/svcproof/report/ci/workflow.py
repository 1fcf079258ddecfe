"""Commands to the runner of a workflow on GitHub, and the files in which a step hands over what it has made.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, and how its own tools escape:
https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from svcproof.printable import printable

IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
IN_PROPERTY = {**IN_MESSAGE, ":": "%3A", ",": "%2C"}
LARGEST_SUMMARY = 1 << 20
"""Bytes of the summary of a step: one that has more is not shown at all."""


class Severity(StrEnum):
    """The kind of an annotation, by the name of its command."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A message beside a job: its title, on one line, and its text."""

    severity: Severity
    title: str
    text: str

    @property
    def command(self) -> str:
        """The line that has the runner show it."""
        title, text = _escaped(self.title, IN_PROPERTY), _escaped(self.text, IN_MESSAGE)
        return f"::{self.severity} title={title}::{text}"


def assignments(values: Mapping[str, str], delimiter: str) -> str:
    """Lines for the file of a step's outputs; `delimiter` is a word that nobody can have foreseen."""
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return printable(text).translate({ord(sign): escape for sign, escape in escapes.items()})
