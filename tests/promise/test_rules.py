"""The rules themselves: complete, told apart, each with its clause, and none that the tables would not miss."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import svcproof.promise as package
from svcproof.model.behaviour import Level
from svcproof.model.keps import KEPS
from svcproof.model.release import Release
from svcproof.promise.rulebook import Question
from svcproof.promise.rules import SECTIONS, questions
from tests.promise.tables import CHECKED, DECIDED, TABLES

QUESTIONS = tuple(questions())
EVERY = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.rule.name)


@contextmanager
def deciding(question: Question[...], applies: Callable[..., bool]) -> Iterator[None]:
    """Put another function in the place of a rule's own, for a while."""
    own = question.applies
    object.__setattr__(question, "applies", applies)
    try:
        yield
    finally:
        object.__setattr__(question, "applies", own)


def is_noticed() -> bool:
    """True if a table, or a decision, is not as it was."""
    return any(map(differs, (*TABLES, *DECIDED, *CHECKED)))


def differs(table: Any) -> bool:
    """True if the model says something else than a table, or fails."""
    try:
        return bool(table.wrong())
    except Exception:
        return True


@EVERY
def test_a_rule_turned_round_is_noticed_by_the_tables(question: Question[...]):
    own = question.applies
    with deciding(question, lambda *asked, **named: not own(*asked, **named)):
        assert is_noticed()


@EVERY
def test_a_rule_that_never_applies_is_noticed_by_the_tables(question: Question[...]):
    with deciding(question, lambda *asked, **named: False):
        assert is_noticed()


def test_rules_as_they_are_are_not_noticed():
    assert not is_noticed()


def test_every_rule_is_in_one_section():
    modules = [import_module(f"{package.__name__}.{module.name}") for module in iter_modules(package.__path__)]
    stated = {
        id(value): value.rule.name
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Question)
    }
    listed = [id(question) for question in questions()]

    assert set(stated) - set(listed) == set(), stated
    assert len(set(listed)) == len(listed)


@EVERY
def test_a_rule_says_itself_whole(question: Question[...]):
    rule = question.rule

    assert re.fullmatch(r"[a-z_]+", rule.name)
    assert rule.text.endswith(".")
    assert len(rule.text) > 40
    assert rule.clause.startswith("https://")
    assert rule.kep is None or rule.kep in KEPS
    assert not rule.since or Release.read(rule.since)
    assert (rule.level is Level.MAY) == ("_may_" in rule.name or rule.name in ALWAYS_OPEN)


ALWAYS_OPEN = ("loopback_is_the_clients_own",)


def test_sections_and_rules_have_names_of_their_own():
    names = [question.rule.name for question in questions()]

    assert len(set(names)) == len(names)
    assert len({section.title for section in SECTIONS}) == len(SECTIONS)
