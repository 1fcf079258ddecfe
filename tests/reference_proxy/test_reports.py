"""Reports of the API server, and of its absence, as the sound proxy and wrong ones take them."""

import pytest

from svcproof.fault import mutated
from svcproof.reference_proxy.faults import FAULTS
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.store import Store
from svcproof.reference_proxy.watch import Changed, Listed, Lost, Report, Resource

SERVICES, SLICES, NODES = Store("node-a").resources


def service(name: str) -> dict[str, object]:
    return {"metadata": {"name": name, "namespace": "demo"}, "spec": {"type": "ClusterIP", "ports": []}}


BEFORE: tuple[Report, ...] = (
    Listed(SERVICES, (service("a"), service("b"))),
    Listed(SLICES, ()),
    Listed(NODES, ({"metadata": {"name": "node-a"}, "status": {"addresses": []}},)),
)
AWAY: tuple[Report, ...] = (Lost(SERVICES), Lost(SLICES), Lost(NODES))
BACK: tuple[Report, ...] = (Listed(SERVICES, (service("a"), service("c"))), *BEFORE[1:])


def known(*reports: Report, fault: str = "") -> list[str]:
    """The names of the Services that are known after these reports."""
    stages = mutated(Stages(), FAULTS, [fault] if fault else [])
    store = Store("node-a")
    for report in reports:
        store.take(stages.hear(report))
    state = store.state()
    assert state
    return [each.key.partition("/")[2] for each in state.services]


def test_what_is_known_stays_while_the_api_server_is_away() -> None:
    assert known(*BEFORE, *AWAY) == ["a", "b"]


def test_what_is_listed_again_replaces_all_that_was_known() -> None:
    assert known(*BEFORE, *AWAY, *BACK) == ["a", "c"]


@pytest.mark.parametrize(
    ("fault", "away", "back"),
    [
        ("api-loss-empties-rules", [], ["a", "c"]),
        ("api-return-misses-changes", ["a", "b"], ["a", "b"]),
        ("api-loss-ends-watch", ["a", "b"], ["a", "b"]),
        ("api-return-keeps-what-is-gone", ["a", "b"], ["a", "b", "c"]),
    ],
)
def test_a_wrong_proxy_takes_reports_for_something_else(fault: str, away: list[str], back: list[str]) -> None:
    assert known(*BEFORE, *AWAY, fault=fault) == away
    assert known(*BEFORE, *AWAY, *BACK, fault=fault) == back


def test_what_was_deleted_while_it_watched_is_gone_also_for_one_that_keeps_what_is_listed_no_more() -> None:
    gone = Changed(SERVICES, service("b"), gone=True)

    assert known(*BEFORE, gone, *BACK, fault="api-return-keeps-what-is-gone") == ["a", "c"]


def test_reports_of_other_resources_change_nothing() -> None:
    assert known(*BEFORE, Listed(Resource("/api/v1/pods"), ()), Lost(Resource("/api/v1/pods"))) == ["a", "b"]
