"""Source addresses by path: what follows from probes, and what does not."""

import pytest

from svcproof.model.circumstance import Circumstance, Place
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Fact, Finding
from svcproof.model.header import Header
from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Target
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Run
from svcproof.model.source_address import sources

RANGES = {
    "podRanges": ["10.244.0.0/16"],
    "serviceRanges": ["10.96.0.0/16"],
    "nodeRanges": ["172.30.0.0/24"],
    "externalRanges": ["198.51.100.0/24"],
    "loadBalancerPool": [{"first": "172.30.0.200", "last": "172.30.0.239"}],
}
DIRECT = ("client-node-a", "node-a", "10.244.2.9", 8080, "10.244.1.2")


def probe(vantage, node, address, port, source, *, by="echo-1", on="node-b"):
    answer = Answer(pod=by, node=on, namespace="x", port=8080, protocol=Protocol.TCP, source=source, source_port=1)
    target = Target(address, port)
    seen = Observation(vantage=vantage, node=node, target=target, outcome=Outcome.ANSWERED, seconds=0.1, answer=answer)
    return Event(at=1.0, step=0, probe=seen)


def service(verb=Verb.CREATE, **spec):
    return Event(at=0.1, step=0, change=Change(verb=verb, kind="Service", name="s", sent={"spec": spec}))


def seen(*events, ranges=RANGES, places=()):
    header = Header(
        id="x",
        started="",
        svcproof="0.1.0",
        cluster=ClusterSpec(name="lab", provider="lab", **ranges),
        proxy=ProxySpec(name="mine"),
        cluster_given="lab",
        proxy_given="mine",
    )
    around = tuple(Circumstance(at=0.0, place=place) for place in places)
    fact = Fact(id="f", finding=Finding.CONFIRMED, events=events, circumstances=around)
    run = Run(header=header, facts=(fact,))
    return {str(path): {str(word): n for word, n in counts.items() if n} for path, counts in sources(run).items()}


@pytest.mark.parametrize(
    ("address", "port", "door"),
    [
        ("10.96.0.9", 80, "ClusterIP"),
        ("172.30.0.11", 30100, "node port, policy Cluster"),
        ("172.30.0.201", 80, "load balancer address, policy Cluster"),
        ("198.51.100.7", 80, "externalIP, policy Cluster"),
    ],
)
def test_a_pod_is_seen_by_its_own_address_or_by_another(address, port, door):
    kept = seen(service(), probe(*DIRECT), probe("client-node-a", "node-a", address, port, "10.244.1.2"))
    other = seen(service(), probe(*DIRECT), probe("client-node-a", "node-a", address, port, "10.244.1.1"))

    assert kept == {f"pod at {door}, endpoint on another node": {"the client's own": 1}}
    assert other == {f"pod at {door}, endpoint on another node": {"another": 1}}


def test_an_address_at_which_node_ports_are_is_a_nodes():
    asked = probe("outside-1", "", "172.30.0.11", 30100, "172.30.0.11")

    assert seen(service(), asked) == {"client outside at node port, policy Cluster": {"a node's": 1}}


def test_an_address_of_a_node_is_a_nodes_though_no_node_port_was_asked():
    places = (
        Place(name="node-a", addresses=("172.30.0.11",)),
        Place(name="outside-1", addresses=("172.30.0.101",), outside=True),
    )
    asked = [probe("outside-1", "", "172.30.0.201", 80, source) for source in ("172.30.0.11", "172.30.0.101")]

    counts = seen(service(), *asked, places=places)

    assert counts == {"client outside at load balancer address, policy Cluster": {"a node's": 1, "the client's own": 1}}


def test_under_the_policy_local_the_address_of_a_client_outside_is_promised():
    asked = probe("outside-1", "", "172.30.0.11", 30100, "172.30.0.101")

    assert seen(service(externalTrafficPolicy="Local"), asked) == {
        "client outside at node port, policy Local": {"the client's own": 1}
    }


def test_the_endpoint_may_be_on_the_same_node_or_the_pod_itself():
    to = ("client-node-a", "node-a", "10.96.0.9", 80, "10.244.1.2")

    assert seen(service(), probe(*DIRECT), probe(*to, on="node-a"), probe(*to, by="client-node-a", on="node-a")) == {
        "pod at ClusterIP, endpoint on the same node": {"the client's own": 1},
        "pod at ClusterIP, endpoint the pod itself": {"the client's own": 1},
    }


@pytest.mark.parametrize(
    "events",
    [
        (service(), probe("client-node-a", "node-a", "10.96.0.9", 80, "10.244.1.2")),
        (
            service(),
            service(Verb.PATCH, externalTrafficPolicy="Local"),
            probe("outside-1", "", "172.30.0.11", 30100, "172.30.0.11"),
        ),
        (
            service(),
            service(externalTrafficPolicy="Local"),
            probe("outside-1", "", "172.30.0.11", 30100, "172.30.0.11"),
        ),
        (
            service(),
            probe("host-node-a", "node-a", "10.244.2.9", 8080, "172.30.0.12"),
            probe("host-node-a", "node-a", "10.96.0.9", 80, "172.30.0.12"),
        ),
        (service(), probe("outside-1", "", "192.0.2.1", 80, "172.30.0.101")),
    ],
    ids=["own address unknown", "policy changed", "two policies", "a node asks", "no such address"],
)
def test_what_does_not_follow_is_left_out(events):
    assert seen(*events) == {}


def test_a_cluster_without_ranges_tells_nothing():
    assert seen(service(), probe("outside-1", "", "172.30.0.11", 30100, "172.30.0.101"), ranges={}) == {}
