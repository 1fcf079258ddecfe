"""False alarms: how probable it is that a check speaks against a proxy that is right, and chooses endpoints at random.

Every choice is taken for independent of the others, and all endpoints for equally likely. A proxy that takes endpoints
in turn is never refuted by chance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, expm1, log1p


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The probability that one claim of a check is refuted by chance: `tries` are the probes of one look."""

    tries: int
    looks: int = 1
    """The number of looks, each of so many probes."""
    probability: float
    """The probability that the claim is refuted on a cluster on which it holds."""


def unreached(endpoints: int, tries: int) -> float:
    """The probability that so many tries leave out at least one of the endpoints."""
    terms = (
        (-1) ** (left_out + 1) * comb(endpoints, left_out) * (1 - left_out / endpoints) ** tries
        for left_out in range(1, endpoints)
    )
    return min(1.0, max(0.0, sum(terms))) if tries else 1.0


def alike(choices: int, endpoints: int) -> float:
    """The probability that so many choices all fall on the same endpoint."""
    return (1 / endpoints) ** (choices - 1)


def never_in_a_row(miss: float, looks: int) -> float:
    """The probability that no two looks in a row hold, each of which misses with probability `miss`.

    After the last of so many looks there is one more if that one held, as in `eventually`.
    """
    missed, held = miss, 1 - miss
    for _ in range(looks - 1):
        missed, held = (missed + held) * miss, missed * (1 - miss)
    return missed + held * miss


def combined(probabilities: Iterable[float]) -> float:
    """The probability that at least one of several things happens that have nothing to do with each other."""
    return -expm1(sum(log1p(-min(probability, 1 - 1e-12)) for probability in probabilities))
