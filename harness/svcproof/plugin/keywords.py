"""The -k of `svcproof run`: pytest's, except that the id of a behaviour in it means that behaviour alone."""

from collections.abc import Sequence

import pytest
from _pytest.mark import KeywordMatcher
from _pytest.mark.expression import Expression

from svcproof.model.behaviour import Behaviour


def matching(expression: str, ids: Sequence[str], checks: Sequence[pytest.Item]) -> frozenset[pytest.Item]:
    """The checks that the expression matches, all of them where it is empty; `ids` has the id of each.

    To pytest, a word matches each name that it is part of, so that no expression could leave out the behaviours whose
    ids begin like that of another.
    """
    if not expression:
        return frozenset(checks)
    compiled, known = Expression.compile(expression), frozenset(ids)
    return frozenset(
        check for id_, check in zip(ids, checks, strict=True) if compiled.evaluate(_Matcher(check, id_, known))
    )


def named_by(expression: str, behaviours: Sequence[Behaviour]) -> list[Behaviour]:
    """The behaviours that the expression matches by area and id, before any is collected; all where it is empty."""
    if not expression:
        return list(behaviours)
    compiled = Expression.compile(expression)
    return [behaviour for behaviour in behaviours if compiled.evaluate(_Names(f"{behaviour.area} {behaviour.id}"))]


class _Names:
    """Decides which words of an expression are part of a text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, name: str, /, **_: str | int | bool | None) -> bool:
        return name.lower().removeprefix("test_") in self._text


class _Matcher:
    """Decides for one check which words of an expression match it."""

    def __init__(self, check: pytest.Item, id_: str, known: frozenset[str]) -> None:
        self._id, self._known = id_, known
        self._as_pytest = KeywordMatcher.from_item(check)

    def __call__(self, name: str, /, **values: str | int | bool | None) -> bool:
        word = name.lower().removeprefix("test_")
        return word == self._id if word in self._known else self._as_pytest(name, **values)
