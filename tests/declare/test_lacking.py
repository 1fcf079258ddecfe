"""What a declaration tells that a cluster will not have."""

import pytest

from svcproof.declare.lacking import in_one_zone


@pytest.mark.parametrize(
    ("zones", "why_not"),
    [
        (["a", "b"], ""),
        (["a", "b", "b"], ""),
        (["a", "a", "b"], "the first two nodes are not in different zones: a, a, b"),
        (["a", ""], "the first two nodes are not in different zones: a"),
        (["", ""], "the first two nodes are not in different zones: there are none"),
        (["a"], "the first two nodes are not in different zones: a"),
        ([], "the first two nodes are not in different zones: there are none"),
    ],
)
def test_zones_are_two_where_the_first_two_nodes_differ(zones: list[str], why_not: str) -> None:
    assert in_one_zone(zones) == why_not
