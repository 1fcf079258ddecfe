"""Predicates on the observations of probes."""

from collections.abc import Callable, Iterable

from svcproof.model.chance import unreached
from svcproof.model.probe import Outcome, Seen
from svcproof.wait.chances import at_random
from svcproof.wait.predicates.words import in_words, listed

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
    return at_random(
        in_words(
            f"every probe is answered, by all of {listed(names)} and nobody else",
            lambda seen: seen.all_answered and seen.backends == names,
        ),
        miss=lambda seen: _left_out(len(names), seen),
    )


def _left_out(backends: int, seen: Seen) -> float:
    """The probability that one address, asked so often, leaves out a backend; other addresses may have others."""
    is_spread = backends > 1 and len({probed.target for probed in seen}) == 1
    return unreached(backends, len(seen)) if is_spread else 0.0


def answered_within(pods: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, by any of these pods and no others."""
    names = frozenset(pods)
    return in_words(
        f"every probe is answered, by nobody but {listed(names)}",
        lambda seen: seen.all_answered and seen.backends <= names,
    )


def answered_by_one_of(pods: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, and all of them by one and the same of these pods."""
    names = frozenset(pods)
    return in_words(
        f"every probe is answered, all of them by one and the same of {listed(names)}",
        lambda seen: seen.all_answered and len(seen.backends) == 1 and seen.backends <= names,
    )


def answered_by_one(seen: Seen) -> bool:
    """Every probe is answered, all of them by one and the same backend."""
    return seen.all_answered and len(seen.backends) == 1


def not_answered_by(pods: Iterable[str]) -> Predicate:
    """Make a predicate: none of these pods answers; a probe that is not answered at all is as good."""
    names = frozenset(pods)
    return in_words(f"no probe is answered by {listed(names)}", lambda seen: not seen.backends & names)


def nobody_answers_but(pods: Iterable[str]) -> Predicate:
    """Make a predicate: nobody but these pods answers; a probe that is not answered at all is as good."""
    names = frozenset(pods)
    return in_words(f"nobody but {listed(names)} answers", lambda seen: seen.backends <= names)


def at_ports(*ports: int) -> Predicate:
    """Make a predicate: every probe is answered, and these are the ports of backends that it arrives at."""
    return at_random(
        in_words(
            f"every probe is answered, by backends at port {listed(ports)} and at no other",
            lambda seen: seen.all_answered and seen.ports == set(ports),
        ),
        miss=lambda seen: _left_out(len(ports), seen),
    )


def from_sources(addresses: Iterable[str]) -> Predicate:
    """Make a predicate: every probe is answered, and these are the addresses the backends see it come from."""
    expected = frozenset(addresses)
    return in_words(
        f"every probe is answered, and the backends see it come from {listed(expected)}",
        lambda seen: seen.all_answered and seen.sources == expected,
    )


def resent_at_most(count: int) -> Predicate:
    """Make a predicate: so many probes at most needed a TCP segment sent again, which the kernel hides otherwise."""
    return in_words(
        f"at most {count} connections need a segment sent again",
        lambda seen: sum(probe.resent > 0 for probe in seen) <= count,
    )


def announced(hardware_address: str) -> bool:
    """ARP, or neighbour discovery, for the address is answered: something announces it."""
    return bool(hardware_address)
