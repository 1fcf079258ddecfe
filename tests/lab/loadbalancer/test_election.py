import pytest

from svcproof.fault import mutated
from svcproof.lab.faults.load_balancer import FAULTS
from svcproof.lab.loadbalancer.election import EXCLUDED
from svcproof.lab.loadbalancer.pool import Pool
from svcproof.lab.loadbalancer.rules import Rules
from svcproof.model.cluster_spec import AddressSpan
from tests.lab.loadbalancer.samples import Object, endpoints, node, service

ADDRESS = "172.30.0.200"
POOL = Pool((AddressSpan(first=ADDRESS, last="172.30.0.239"),))
NODES = [node("node-a"), node("node-b"), node("node-c")]
LOCAL = service(given=(ADDRESS,), externalTrafficPolicy="Local")
CLUSTER = service(given=(ADDRESS,))


def elected(one: Object, slices: Object, nodes: list[Object] = NODES, *faults: str) -> str | None:
    return mutated(Rules(), FAULTS, faults).announcers({}, [one], [slices], nodes, POOL).get(ADDRESS)


WINNER = elected(CLUSTER, endpoints(node_a=True)) or ""
OTHERS = [one for one in NODES if one["metadata"]["name"] != WINNER]


def test_addresses_are_spread_over_the_nodes() -> None:
    services = [service(f"web-{n}", given=(f"172.30.0.{n}",)) for n in range(200, 240)]
    slices = [endpoints(one["metadata"]["name"], node_a=True) for one in services]
    assert set(Rules().announcers({}, services, slices, NODES, POOL).values()) == {"node-a", "node-b", "node-c"}


def test_the_order_of_nodes_does_not_matter() -> None:
    assert elected(CLUSTER, endpoints(node_a=True), NODES[::-1]) == WINNER


def test_when_the_node_fails_another_takes_over() -> None:
    assert WINNER
    successor = elected(CLUSTER, endpoints(node_a=True), [*OTHERS, node(WINNER, ready=False)])
    assert successor in {one["metadata"]["name"] for one in OTHERS}


def test_an_excluded_node_announces_nothing() -> None:
    nodes = [*OTHERS, node(WINNER, labels={EXCLUDED: ""})]
    assert elected(CLUSTER, endpoints(node_a=True), nodes) != WINNER
    assert elected(CLUSTER, endpoints(node_a=True), nodes, "excluded-node-announces") == WINNER


@pytest.mark.parametrize("name", ["node-a", "node-b", "node-c"])
def test_under_policy_local_a_node_with_a_ready_endpoint_announces(name: str) -> None:
    ready = {one["metadata"]["name"].replace("-", "_"): one["metadata"]["name"] == name for one in NODES}
    assert elected(LOCAL, endpoints(**ready)) == name
    assert elected(LOCAL, endpoints(**ready), NODES, "announced-by-node-without-endpoint") != name


@pytest.mark.parametrize("one", [LOCAL, CLUSTER], ids=["Local", "Cluster"])
def test_without_a_ready_endpoint_nobody_announces(one: Object) -> None:
    assert elected(one, endpoints(node_a=False)) is None


def test_other_load_balancers_addresses_are_theirs() -> None:
    assert elected(service(given=(ADDRESS,), loadBalancerClass="other"), endpoints(node_a=True)) is None
    assert Rules().announcers({}, [service(given=("192.0.2.1",))], [endpoints(node_a=True)], NODES, POOL) == {}


def test_nothing_is_announced_under_the_fault() -> None:
    assert elected(CLUSTER, endpoints(node_a=True), NODES, "not-announced") is None


def test_under_the_fault_the_first_node_goes_on_when_it_fails() -> None:
    nodes = [*OTHERS, node(WINNER, ready=False)]
    stuck = mutated(Rules(), FAULTS, ["stays-with-first-node"])
    for rules, stays in ((Rules(), False), (stuck, True)):
        announcers = rules.announcers({ADDRESS: WINNER}, [CLUSTER], [endpoints(node_a=True)], nodes, POOL)
        assert (announcers[ADDRESS] == WINNER) is stays
