"""Predicates on the observations of probes. A failure says that the first line of the predicate was expected."""

from collections.abc import Callable, Iterable

from svcproof.model.probe import Outcome, Seen

ACCEPTED = "EOF"
"""The error of a connection that was accepted and closed without an answer."""
APART = 1.1
"""Seconds between two looks at a refusal: a node sends one client an ICMP error a second, after a burst of six."""
Predicate = Callable[[Seen], bool]


def answered(seen: Seen) -> bool:
    """Every probe is answered by one of our backends."""
    return seen.all_answered


def refused(seen: Seen) -> bool:
    """Every probe is refused: an error comes back, and no connection is accepted first."""
    return seen.outcomes == {Outcome.REFUSED} and ACCEPTED not in seen.errors


def dropped(seen: Seen) -> bool:
    """Every probe is dropped: nothing comes back."""
    return seen.outcomes == {Outcome.DROPPED}


def silent(seen: Seen) -> bool:
    """No probe is answered: each is refused, dropped or torn down."""
    return seen.none_answered


def answered_by(pods: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, and all of these pods and no others answer."""
    names = frozenset(pods)
    return _named(
        f"every probe is answered, by all of {_listed(names)} and nobody else",
        lambda seen: seen.all_answered and seen.backends == names,
    )


def answered_within(pods: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, by any of these pods and no others."""
    names = frozenset(pods)
    return _named(
        f"every probe is answered, by nobody but {_listed(names)}",
        lambda seen: seen.all_answered and seen.backends <= names,
    )


def from_sources(addresses: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, and these are the addresses the backends see it come from."""
    expected = frozenset(addresses)
    return _named(
        f"every probe is answered, and the backends see it come from {_listed(expected)}",
        lambda seen: seen.all_answered and seen.sources == expected,
    )


def _named(expected: str, predicate: Predicate) -> Predicate:
    predicate.__doc__ = expected
    return predicate


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
