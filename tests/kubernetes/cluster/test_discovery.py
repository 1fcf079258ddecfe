"""What a cluster tells of itself."""

from typing import Any

import pytest

from svcproof.kubernetes.cluster import discovery
from svcproof.kubernetes.cluster.first_agent import dns_domain

ZONE = "topology.kubernetes.io/zone"


def node(name: str, zone: str = "", *, ready: bool = True, control_plane: bool = False, **spec: Any) -> dict[str, Any]:
    """A Node object."""
    labels = {ZONE: zone} if zone else {}
    labels |= {"node-role.kubernetes.io/control-plane": ""} if control_plane else {}
    return {
        "metadata": {"name": name, "labels": labels},
        "spec": spec,
        "status": {
            "conditions": [{"type": "Ready", "status": "True" if ready else "Unknown"}],
            "addresses": [{"type": "Hostname", "address": name}, {"type": "InternalIP", "address": "10.0.0.1"}],
        },
    }


def names(*objects: dict[str, Any]) -> list[str]:
    return [one.name for one in discovery.chosen(objects)]


def test_workers_of_different_zones_are_taken_first() -> None:
    there = [node("a", "1", control_plane=True), node("b", "1"), node("c", "1"), node("d", "2"), node("e", "3")]

    assert names(*there) == ["b", "d", "e"]
    assert names(*reversed(there)) == ["b", "d", "e"]


def test_a_control_plane_node_is_taken_where_there_are_few_workers() -> None:
    assert names(node("a", control_plane=True), node("b")) == ["b", "a"]


def test_nodes_that_cannot_run_pods_are_left_out_with_the_reason() -> None:
    cordoned, down = node("b", unschedulable=True), node("c", ready=False)

    assert names(node("a"), cordoned, down) == ["a"]
    assert (discovery.unfit(cordoned), discovery.unfit(down)) == ("cordoned", "not Ready")


@pytest.mark.parametrize(
    "extra", [{"service-node-port-range": "30000-30999"}, [{"name": "service-node-port-range", "value": "30000-30999"}]]
)
def test_node_ports_are_those_of_kubeadm_in_either_version(extra: object) -> None:
    assert discovery.node_ports({"apiServer": {"extraArgs": extra}}) == "30000-30999"


def test_the_dns_domain_follows_from_a_pods_search_domains() -> None:
    assert dns_domain(("ns.svc.example.org", "svc.example.org", "example.org")) == "example.org"
    assert dns_domain(("corp.test",)) == ""
