import pytest

from svcproof.lab.layout import LabConfig, Layout, NodeConfig, layout
from svcproof.lab.network import wiring


@pytest.fixture
def plan() -> Layout:
    return layout(LabConfig(nodes=(NodeConfig("node-a"), NodeConfig("node-b")), outside=1))


def test_a_node_reaches_other_nodes_pods_and_drops_what_no_pod_of_its_own_has(plan: Layout):
    lines = list(wiring.node(plan, plan.nodes[0]))

    assert "route add 10.244.2.0/24 via 172.30.0.12" in lines
    assert "route add blackhole 10.244.1.0/24" in lines
    assert "route add default via 172.30.0.1" in lines


def test_the_fabric_knows_the_way_to_pods_and_drops_the_rest(plan: Layout):
    lines = list(wiring.fabric(plan, 7))

    assert "route add 10.244.1.0/24 via 172.30.0.11" in lines
    assert "route add blackhole default" in lines


def test_an_outside_client_reaches_service_and_external_addresses_through_the_first_node(plan: Layout):
    lines = list(wiring.outside(plan, plan.outside[0]))

    assert "route add 10.96.0.0/16 via 172.30.0.11" in lines
    assert "route add 198.51.100.0/24 via 172.30.0.11" in lines


def test_a_pods_route_makes_the_node_speak_under_its_own_address(plan: Layout):
    lines = list(wiring.pod_port("veth1", plan.nodes[0], ("10.244.1.5",)))

    assert "route add 10.244.1.5/32 dev veth1 src 172.30.0.11" in lines
    assert not [line for line in lines if line.startswith("address")]
