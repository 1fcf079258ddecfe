import socket

import pytest

from harness.cluster.outside.reaching import all_reached
from harness.cluster.outside.route import Route, in_pod, to_nodes
from harness.model.cluster import Node

HERE = Node("here", ("127.0.0.1", "::1"))


def speaks_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not speaks_ipv6(), reason="this machine has no IPv6")


def way(*nodes, everybody=()):
    return to_nodes(nodes, everybody, "127.0.0.1", all_reached)


def test_this_machine_has_an_address_to_the_nodes():
    assert way(Node("here", ("127.0.0.1",))) == Route(("127.0.0.1",))


@needs_ipv6
def test_it_has_one_of_each_family_that_the_nodes_have():
    assert way(HERE, HERE).sources == ("127.0.0.1", "::1")


@needs_ipv6
def test_a_family_that_some_node_has_not_is_left_out():
    assert way(HERE, Node("other", ("127.0.0.2",))).sources == ("127.0.0.1",)


@needs_ipv6
def test_a_machine_that_is_a_node_by_either_address_is_no_client_outside():
    assert way(HERE, everybody=["::1"]).why_not == "is a node of the cluster (::1)"


def test_a_family_in_which_not_every_node_answers_is_left_out_but_not_the_primary_one():
    def reached(asked):
        return [("", "it is silent") if address.endswith("9") else ("192.0.2.7", "") for address, _ in asked]

    first, second = Node("first", ("192.0.2.1", "2001:db8::1")), Node("second", ("192.0.2.2", "2001:db8::9"))
    third = Node("third", ("192.0.2.9", "2001:db8::3"))

    assert to_nodes([first, second], (), "10.96.0.1", reached) == Route(("192.0.2.7",))
    assert to_nodes([first, third], (), "10.96.0.1", reached).why_not == "has no way to the nodes: it is silent"
    assert to_nodes([first], (), "10.96.0.9", reached).no_services == "has no route to ClusterIPs: it is silent"


def test_a_process_in_a_pod_is_no_client_outside(tmp_path):
    assert in_pod({"KUBERNETES_SERVICE_HOST": "10.96.0.1"}, tmp_path)
    assert not in_pod({}, tmp_path)
