"""Asserts of checks: those that held are counted, and the one that did not is put into words."""

import ast
import re
from collections.abc import Generator
from contextlib import suppress
from textwrap import indent

import pytest

from svcproof.model.step import StepEnd, StepKind
from svcproof.plugin.assert_statement import assert_statement
from svcproof.plugin.collection import BEHAVIOUR
from svcproof.plugin.comparison import Comparison
from svcproof.plugin.notebook import Notebook
from svcproof.wait import concluded
from svcproof.wait.predicates.words import shown

COMPARISON = pytest.StashKey[Comparison]()
"""The comparison that an assert of a check made last."""
LONGEST = 400
"""Characters of a value in a reason."""
WIDTH = 100
"""Characters of a comparison in the message of its AssertionError: pytest cuts what is much longer."""


class Asserts:
    """Counts the asserts that held and makes a step of each: a check that executes none shows nothing."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._checking = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Leave the asserts of tests that are no checks to pytest."""
        self._checking = BEHAVIOUR in item.stash
        return (yield)

    def pytest_assertion_pass(self, item: pytest.Item, orig: str) -> None:
        """Count one; in a control, where nobody counts, it shows nothing."""
        concluded()
        self._notebook.end(self._notebook.begin(StepKind.ASSERT, orig), StepEnd.HELD)

    @pytest.hookimpl(tryfirst=True)
    def pytest_assertrepr_compare(
        self, config: pytest.Config, op: str, left: object, right: object
    ) -> list[str] | None:
        """Keep the comparison, and have the AssertionError say which it is."""
        if not self._checking:
            return None
        comparison = config.stash[COMPARISON] = Comparison(op, left, right)
        return [_title(comparison)]


def refuted_claim(error: AssertionError, last: Comparison | None) -> str:
    """Expected and seen of an assert: in the words of its message and its values, else in its source.

    `last` is the comparison made last, which is this assert's if its message says so.
    """
    statement = assert_statement(error)
    if statement is None:
        return str(error).strip() or "an assertion failed"
    message, _, explanation = f"\n{error}".partition("\nassert ")
    words = message.strip() if statement.node.msg else ""
    if last is not None and explanation == _title(last):
        comparison = statement.ordered(last)
        expected, seen = _of_comparison(comparison, words or statement.source, bool(words)), comparison.seen
    else:
        expected, seen = words or statement.words or statement.source, _value_shown(explanation)
    observations = [str(probed) for probed in statement.probed]
    return "\n".join([f"expected: {expected}", *_seen(seen, observations)])


def _of_comparison(comparison: Comparison, words: str, is_message: bool) -> str:
    if comparison.claim:
        return f"{words}: {comparison.claim}" if is_message else comparison.claim
    phrase = "" if is_message and comparison.phrase in ("none", "nothing") else comparison.phrase
    return f"{words}: {_cut(phrase)}" if phrase and not _names(words, phrase) else words


def _names(words: str, phrase: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(phrase)}(?![\w.])", words) is not None


def _value_shown(explanation: str) -> str:
    """The value of a condition that compares nothing, as pytest writes it; empty where that is only False."""
    value = explanation.partition("\n")[0].removeprefix("not ")
    with suppress(ValueError, SyntaxError):
        value = shown(ast.literal_eval(value))
    return "" if value == "False" else value


def _seen(value: str, observations: list[str]) -> list[str]:
    """The lines of what was seen: the value, and the observations that it was taken from."""
    first, *more = [*filter(None, [_cut(value)]), *observations] or ["it is not so"]
    if "\n" in first or (more and not value):
        return ["seen:", *(indent(text, "  ") for text in (first, *more))]
    return [f"seen: {first}", *(indent(text, "  ") for text in more)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _title(comparison: Comparison) -> str:
    return " ".join(str(comparison).split())[:WIDTH]
