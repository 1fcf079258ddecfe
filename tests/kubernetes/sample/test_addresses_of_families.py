import pytest

from svcproof.errors import UsageError
from svcproof.kubernetes.sample.service import ServiceHandle
from svcproof.model.cluster import Node
from svcproof.model.probe import Target

NODE = Node("node-a", ("192.0.2.11", "2001:db8::11"))


class Read:
    """An API that has one Service."""

    def __init__(self, *addresses):
        ports = [{"port": 80, "nodePort": 30080}]
        self.spec = {"clusterIP": addresses[0], "clusterIPs": list(addresses), "ports": ports}

    def get(self, kind, name, namespace):
        return {"spec": self.spec}


def service(*addresses):
    return ServiceHandle(Read(*addresses), "web", "default", "cluster.local")


def test_the_first_family_is_meant_where_none_is_named():
    dual = service("fd00::1", "10.96.0.1")

    assert dual.at_cluster_ip() == Target("fd00::1", 80)
    assert dual.at_node(NODE) == Target("192.0.2.11", 30080)


def test_a_family_that_is_named_is_meant_wherever_it_stands():
    dual = service("fd00::1", "10.96.0.1")

    assert dual.at_cluster_ip(family="IPv4") == Target("10.96.0.1", 80)
    assert dual.at_node(NODE, family="IPv6") == Target("2001:db8::11", 30080)


def test_a_family_that_is_not_there_is_told():
    with pytest.raises(UsageError, match=r"no address of IPv6 among 10\.96\.0\.1"):
        service("10.96.0.1").at_cluster_ip(family="IPv6")


def test_targets_of_ipv6_are_told_with_brackets():
    assert str(service("fd00::1").at_cluster_ip()) == "tcp [fd00::1]:80"
