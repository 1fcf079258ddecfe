import pytest

from svcproof.errors import UsageError
from svcproof.kubernetes.cluster.preflight import check_room

FOUR = ("a", "b", "c", "d")


@pytest.mark.parametrize(("namespaces", "workers"), [((), 8), (FOUR, 1), (FOUR, 2)])
def test_a_run_that_makes_its_own_namespaces_or_has_two_for_each_worker_may_go_on(namespaces, workers):
    check_room(namespaces, workers)


def test_more_workers_than_prepared_namespaces_hold_are_refused_with_the_number_that_they_hold():
    with pytest.raises(
        UsageError, match=r"3 need 6, and 4 have .*\(a, b, c, d\): use --workers 2, or .*--namespaces 6 "
    ):
        check_room(FOUR, 3)


def test_one_prepared_namespace_is_too_few_for_any_run():
    with pytest.raises(UsageError, match=r"1 need 2, and 1 have .*: have an administrator make more"):
        check_room(("a",), 1)
