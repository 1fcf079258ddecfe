"""The formulas of false alarms, against trials with a generator of known seed."""

import random
from collections.abc import Callable
from math import sqrt

import pytest

from svcproof.model.chance import alike, combined, never_in_a_row, unreached

TRIALS = 20_000
SEED = 20261130


def share(happens: Callable[[random.Random], bool]) -> float:
    """The share of trials in which something happens."""
    generator = random.Random(SEED)
    return sum(happens(generator) for _ in range(TRIALS)) / TRIALS


def is_near(share: float, probability: float) -> bool:
    """True if a share of all trials is no further from the probability than four standard deviations."""
    return abs(share - probability) <= 4 * sqrt(probability * (1 - probability) / TRIALS) + 1e-9


@pytest.mark.parametrize(("endpoints", "tries"), [(2, 1), (2, 3), (2, 6), (3, 2), (3, 8), (3, 12), (5, 10), (6, 20)])
@pytest.mark.timeout(60)
def test_endpoint_that_no_try_reaches(endpoints: int, tries: int) -> None:
    def happens(generator: random.Random) -> bool:
        return len({generator.randrange(endpoints) for _ in range(tries)}) < endpoints

    assert is_near(share(happens), unreached(endpoints, tries))


@pytest.mark.parametrize(("choices", "endpoints"), [(2, 2), (3, 2), (4, 3), (2, 6)])
@pytest.mark.timeout(60)
def test_choices_that_are_all_alike(choices: int, endpoints: int) -> None:
    def happens(generator: random.Random) -> bool:
        return len({generator.randrange(endpoints) for _ in range(choices)}) == 1

    assert is_near(share(happens), alike(choices, endpoints))


@pytest.mark.parametrize(("miss", "looks"), [(0.5, 2), (0.3, 2), (1 / 3, 5), (0.6, 10), (0.5, 12)])
@pytest.mark.timeout(60)
def test_looks_of_which_no_two_in_a_row_hold(miss: float, looks: int) -> None:
    def is_refuted(generator: random.Random) -> bool:
        in_a_row = look = 0
        while look < looks or in_a_row:  # As `eventually` looks: once more after a last look that held.
            look += 1
            in_a_row = 0 if generator.random() < miss else in_a_row + 1
            if in_a_row == 2:
                return False
        return True

    assert is_near(share(is_refuted), never_in_a_row(miss, looks))


@pytest.mark.timeout(60)
def test_any_of_several_that_have_nothing_to_do_with_each_other() -> None:
    probabilities = (0.1, 0.2, 0.05)

    def happens(generator: random.Random) -> bool:
        return any(generator.random() < probability for probability in probabilities)

    assert is_near(share(happens), combined(probabilities))
    assert combined([1e-9] * 3) == pytest.approx(3e-9)
    assert (combined([]), combined([1.0])) == (0, pytest.approx(1))


@pytest.mark.timeout(10)
def test_probabilities_that_suites_rely_on() -> None:
    assert 1 / unreached(3, 40) == pytest.approx(3.7e6, rel=0.01)
    assert 1 / unreached(2, 20) == pytest.approx(2**19)
    assert 1 / alike(15, 3) == pytest.approx(4.78e6, rel=0.01)
    assert 1 / alike(4, 6) ** 3 == pytest.approx(1e7, rel=0.01)


@pytest.mark.timeout(10)
def test_what_cannot_be_missed_and_what_cannot_be_reached() -> None:
    assert unreached(1, 1) == 0
    assert unreached(3, 0) == 1
    assert unreached(3, 2) == pytest.approx(1)
    assert never_in_a_row(0.0, 2) == 0
    assert never_in_a_row(1.0, 9) == 1
