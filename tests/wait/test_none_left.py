"""Waiting until nothing is left."""

import pytest

from svcproof.errors import ProvisionError
from svcproof.wait import await_none


def test_it_returns_once_nothing_is_left():
    left = ["a", "b"]

    def remove_one():
        names = tuple(left)
        left[:1] = []
        return names

    await_none("the end of two names", remove_one, within=20, every=0.01)

    assert left == []


def test_what_is_left_in_the_end_is_told():
    with pytest.raises(ProvisionError, match=r"(?s)waited for the end of two names.*nothing is left.*\['b'\]"):
        await_none("the end of two names", lambda: ["b"], within=0.1, every=0.05)
