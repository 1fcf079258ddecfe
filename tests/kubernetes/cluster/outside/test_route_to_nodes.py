import json
import socket
import subprocess
import sys

import pytest

from svcproof.kubernetes.cluster.outside import reaching
from svcproof.kubernetes.cluster.outside.clients import Route, in_pod, to_nodes
from svcproof.kubernetes.cluster.outside.reaching import looked
from svcproof.lab.process.requirements import namespaces
from svcproof.model.cluster import Node

HERE = Node("here", ("127.0.0.1", "::1"))


def speaks_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not speaks_ipv6(), reason="this machine has no IPv6")


def way(*nodes, everybody=()):
    return to_nodes(nodes, everybody, "127.0.0.1", looked)


def test_this_machine_has_an_address_to_the_nodes():
    assert way(Node("here", ("127.0.0.1",))).sources == ("127.0.0.1",)


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
    def seen(connected, routed):
        ways = [("", "it is silent") if address.endswith("9") else ("192.0.2.7", "") for address, _ in connected]
        return [*ways, ("192.0.2.1", "")]

    first, second = Node("first", ("192.0.2.1", "2001:db8::1")), Node("second", ("192.0.2.2", "2001:db8::9"))
    third = Node("third", ("192.0.2.9", "2001:db8::3"))

    assert to_nodes([first, second], ("192.0.2.1",), "10.96.0.1", seen) == Route(("192.0.2.7",))
    assert to_nodes([first, third], (), "10.96.0.1", seen).why_not == "has no way to the nodes: it is silent"


def test_a_route_to_cluster_ips_is_one_by_a_node():
    def seen(connected, routed):
        return [*(("192.0.2.7", "") for _ in connected), ("192.0.2.254", "")]

    first = Node("first", ("192.0.2.1",))

    assert to_nodes([first], ("192.0.2.254",), "10.96.0.1", seen).no_services == ""
    assert to_nodes([first], ("192.0.2.1",), "10.96.0.1", seen).no_services == (
        "has no route to ClusterIPs: packets to 10.96.0.1 would go to 192.0.2.254, which is no node"
    )


@pytest.mark.lab
def test_the_kernel_is_asked_for_the_way_to_a_cluster_ip_and_nothing_is_sent():
    routes = "ip link add n0 type bridge && ip addr add 198.51.100.7/24 dev n0 && ip link set n0 up"
    script = f"{routes} && ip route add 10.96.0.0/16 via 198.51.100.1 && exec {sys.executable} {reaching.__file__}"
    told = json.dumps([[], ["10.96.0.1", "198.51.100.9", "203.0.113.1"]])

    ended = subprocess.run((*namespaces(), "sh", "-c", script), input=told, capture_output=True, text=True, check=True)

    by_node, beside, nowhere = json.loads(ended.stdout)
    assert by_node == ["198.51.100.1", ""]
    assert beside == ["", "198.51.100.9 is taken for one of a network of its own (n0)"]
    assert nowhere[0] == ""
    assert nowhere[1].startswith("the kernel has none to 203.0.113.1 (")


def test_a_process_in_a_pod_is_no_client_outside(tmp_path):
    assert in_pod({"KUBERNETES_SERVICE_HOST": "10.96.0.1"}, tmp_path)
    assert not in_pod({}, tmp_path)
