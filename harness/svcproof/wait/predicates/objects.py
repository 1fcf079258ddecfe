"""Predicates on what is read of the API and elsewhere, each of which is told what it is about."""

from collections.abc import Callable, Sized

from svcproof.wait.predicates.words import in_words, shown


def is_there(value: object) -> bool:
    """It is there."""
    return bool(value)


def equals(expected: object, what: str) -> Callable[[object], bool]:
    """Make a predicate: what is read, such as `the Ready condition of the pod`, is this."""
    return in_words(f"{what} is {shown(expected)}", lambda value: value == expected)


def counts(number: int, what: str) -> Callable[[Sized], bool]:
    """Make a predicate: so many are read of what is named in the plural, such as `ready endpoints`."""
    return in_words(f"the number of {what} is {number}", lambda items: len(items) == number)


def counts_at_least(number: int, what: str) -> Callable[[Sized], bool]:
    """Make a predicate: so many are read, or more."""
    return in_words(f"the number of {what} is at least {number}", lambda items: len(items) >= number)
