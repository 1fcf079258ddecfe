import socket

import pytest

from harness.cluster.outside import route
from harness.model.cluster import Node

HERE = Node("here", ("127.0.0.1", "::1"))


def speaks_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not speaks_ipv6(), reason="this machine has no IPv6")


def test_this_machine_has_an_address_to_the_nodes():
    found = route.to_nodes([Node("here", ("127.0.0.1",))], (), in_pod=False)

    assert found == route.Route(("127.0.0.1",))


@needs_ipv6
def test_it_has_one_of_each_family_that_the_nodes_have():
    assert route.to_nodes([HERE, HERE], (), in_pod=False).sources == ("127.0.0.1", "::1")


@needs_ipv6
def test_a_family_that_some_node_has_not_is_left_out():
    assert route.to_nodes([HERE, Node("other", ("127.0.0.2",))], (), in_pod=False).sources == ("127.0.0.1",)


@needs_ipv6
def test_a_machine_that_is_a_node_by_either_address_is_no_client_outside():
    assert "is a node of the cluster (::1)" in route.to_nodes([HERE], ("::1",), in_pod=False).why_not


def test_a_process_in_a_pod_is_no_client_outside():
    assert "runs in a pod" in route.to_nodes([HERE], (), in_pod=True).why_not
