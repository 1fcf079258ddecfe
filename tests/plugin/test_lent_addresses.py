"""Addresses that checks borrow: each is one check's alone, and comes again only when no fresh one is left."""

from itertools import islice

from svcproof.plugin.session import Addresses


def test_addresses_come_again_when_no_fresh_one_is_left_the_oldest_first():
    addresses = Addresses(iter(["a", "b", "c"]))
    with addresses.lent() as first:
        assert [first(), first()] == ["a", "b"]
    with addresses.lent() as second:
        assert [second(), second(), second(), second()] == ["c", "a", "b", ""]
    with addresses.lent() as third:
        assert third() == "c"


def test_what_a_whole_run_keeps_does_not_come_again():
    addresses = Addresses(iter(["a", "b"]))
    kept = list(islice(addresses, 1))
    for _ in range(3):
        with addresses.lent() as address:
            assert [address(), address()] == ["b", ""]
    assert kept == ["a"]


def test_addresses_of_a_check_that_broke_are_given_back():
    addresses = Addresses(iter(["a"]))
    try:
        with addresses.lent() as address:
            address()
            raise RuntimeError
    except RuntimeError:
        assert next(addresses) == "a"
