"""Predicates that a look may miss by chance, and the chances of false alarms that come of them."""

from collections.abc import Callable
from typing import Any, TypeVar

from svcproof.model.chance import Chance, never_in_a_row
from svcproof.wait.context import note_chance

Value = TypeVar("Value")
CHANCE = "chance"
FEWEST_LOOKS = 2


def at_random(predicate: Callable[[Value], bool], miss: float | Callable[[Value], float]) -> Callable[[Value], bool]:
    """Have a predicate say how probable it is that a look misses it though the proxy is right.

    `miss` is that probability, or a function of the value that the look shows.
    """
    vars(predicate)[CHANCE] = miss if callable(miss) else lambda _: miss
    return predicate


def miss_of(predicate: Callable[[Any], bool], value: Any) -> float:
    """The probability that a look like the one which shows this value misses; 0 where a predicate says of none."""
    return float(getattr(predicate, CHANCE, lambda _: 0.0)(value))


def note(predicate: Callable[[Any], bool], value: Any, looks: int) -> None:
    """Note the chance of a false alarm of an `eventually` that has time for so many looks of which one showed this."""
    if miss := miss_of(predicate, value):
        tries = len(getattr(value, "observations", ())) or 1
        looks = max(looks, FEWEST_LOOKS)
        note_chance(Chance(tries=tries, looks=looks, probability=never_in_a_row(miss, looks)))


def by_chance(tries: int, probability: float) -> None:
    """Note, in a check, that its next assert is refuted by chance with this probability, in so many tries."""
    note_chance(Chance(tries=tries, probability=probability))
