"""Spells: when a post that was right began to be wrong, and when it was right again."""

from functools import reduce

import pytest

from svcproof.bystanders.spell import History, Look, after


def seen(*looks: tuple[float, bool]) -> History:
    return reduce(after, (Look(at, right, "dropped") for at, right in looks), History())


def test_a_post_that_is_always_right_has_no_spell() -> None:
    assert seen((1.0, True), (2.0, True)) == History(last_right=2.0)


def test_what_never_was_right_did_not_break() -> None:
    assert seen((1.0, False), (2.0, False)) == History()


def test_a_spell_begins_with_the_first_wrong_look_and_counts_the_others() -> None:
    spell = seen((1.0, True), (2.0, False), (3.0, False)).spell

    assert spell is not None
    assert (spell.last_right, spell.first.at, spell.last.at, spell.wrong, spell.until) == (1.0, 2.0, 3.0, 2, None)


def test_a_spell_ends_with_the_next_right_look() -> None:
    history = seen((1.0, True), (2.0, False), (4.0, True))

    assert history.spell is not None
    assert history.spell.until == 4.0
    assert history.spell.gap(9.0) == 3.0
    assert not history.is_wrong


def test_a_second_spell_begins_anew() -> None:
    history = seen((1.0, True), (2.0, False), (3.0, True), (4.0, False))

    assert history.is_wrong
    assert history.spell is not None
    assert (history.spell.last_right, history.spell.wrong) == (3.0, 1)


@pytest.mark.parametrize(("quiet_since", "seconds"), [(0.0, 8.0), (6.0, 4.0), (12.0, 0.0)])
def test_a_spell_endures_from_when_nothing_excuses_it_any_more(quiet_since: float, seconds: float) -> None:
    spell = seen((1.0, True), (2.0, False)).spell

    assert spell is not None
    assert spell.endured(10.0, quiet_since) == seconds


def test_a_spell_that_has_ended_endures_no_longer() -> None:
    spell = seen((1.0, True), (2.0, False), (3.0, True)).spell

    assert spell is not None
    assert spell.endured(100.0, 0.0) == 0.0
