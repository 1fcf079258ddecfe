"""Which process of a run may use which address."""

from itertools import islice

import pytest

from svcproof.model.cluster_spec import ClusterSpec
from svcproof.plugin.session import external_share, pool_share


@pytest.fixture
def spec() -> ClusterSpec:
    pool = [{"first": "172.18.0.200", "last": "172.18.0.203"}]
    return ClusterSpec(provider="kind", external_ranges=["198.51.100.0/24"], load_balancer_pool=pool)  # type: ignore[arg-type]


def test_no_two_processes_have_an_external_address_in_common(spec: ClusterSpec) -> None:
    shares = [set(external_share(spec, number, 6)) for number in range(6)]

    assert len(set.union(*shares)) == sum(map(len, shares)) == 254


def test_a_process_alone_begins_with_the_first_address(spec: ClusterSpec) -> None:
    assert list(islice(external_share(spec, 0, 2), 2)) == ["198.51.100.1", "198.51.100.3"]


def test_a_cluster_without_external_ranges_has_none(spec: ClusterSpec) -> None:
    assert list(external_share(spec.model_copy(update={"external_ranges": ()}), 0, 1)) == []


def test_each_process_may_ask_for_an_address_of_its_own_from_the_end_of_the_pool(spec: ClusterSpec) -> None:
    assert [pool_share(spec, number) for number in range(4)] == ["172.18.0.203", "172.18.0.202", "172.18.0.201", ""]


def test_where_the_pool_is_not_known_nobody_may_ask(spec: ClusterSpec) -> None:
    assert pool_share(spec.model_copy(update={"load_balancer_pool": ()}), 0) == ""
