from dataclasses import replace

from svcproof.reference_proxy.family import IPV4
from svcproof.reference_proxy.flows import Flow, stale, unsettled
from svcproof.reference_proxy.frontends import Frontends, frontends
from svcproof.reference_proxy.state import State
from tests.reference_proxy.samples import CLUSTER_IP, TCP, UDP, endpoint, state

GONE = Flow(CLUSTER_IP, 80, "10.244.1.1", 8080)
LIVE = Flow(CLUSTER_IP, 80, "10.244.1.2", 8080)
UNTRANSLATED = Flow(CLUSTER_IP, 80, CLUSTER_IP, 80)
FOREIGN = Flow("10.244.1.9", 53, "10.244.1.9", 53)


def served(of: State) -> Frontends:
    return frontends(of, IPV4)


def test_flows_answered_by_anyone_but_an_endpoint_are_stale() -> None:
    after = served(state(endpoint("pod-2"), ports=(UDP,)))
    assert stale([GONE, LIVE, UNTRANSLATED, FOREIGN], (), after) == {GONE, UNTRANSLATED}


def test_a_moved_port_makes_flows_stale() -> None:
    after = served(state(endpoint("pod-2", port=8081), ports=(UDP,)))
    assert stale([LIVE], (), after) == {LIVE}


def test_all_flows_to_what_is_served_no_more_are_stale() -> None:
    before = served(state(endpoint("pod-2"), ports=(UDP,)))
    assert stale([GONE, LIVE, FOREIGN], before, ()) == {GONE, LIVE}
    assert stale([GONE, LIVE], before, served(state(ports=(UDP,)))) == {GONE, LIVE}


def test_flows_may_be_stale_where_an_endpoint_is_gone_and_where_something_is_served_anew() -> None:
    one, other = served(state(endpoint("pod-1"), ports=(UDP,))), served(state(endpoint("pod-2"), ports=(UDP,)))
    assert unsettled(None, one) == {(CLUSTER_IP, 80)}
    assert unsettled((), one) == {(CLUSTER_IP, 80)}
    assert unsettled((), served(state(ports=(UDP,)))) == {(CLUSTER_IP, 80)}
    assert unsettled(one, other) == {(CLUSTER_IP, 80)}
    assert unsettled(one, ()) == {(CLUSTER_IP, 80)}
    assert unsettled(one, served(state(ports=(UDP,)))) == {(CLUSTER_IP, 80)}


def test_only_flows_to_what_has_changed_may_be_stale() -> None:
    of_both = served(state(endpoint("pod-1"), ports=(UDP,), external_ips=("198.51.100.7",)))
    assert unsettled(served(state(endpoint("pod-1"), ports=(UDP,))), of_both) == {("198.51.100.7", 80)}


def test_no_flow_is_stale_where_endpoints_have_only_joined_or_nothing_of_udp_has_changed() -> None:
    one = served(state(endpoint("pod-1"), ports=(UDP,)))
    assert not unsettled(one, one)
    assert not unsettled(one, served(state(endpoint("pod-1"), endpoint("pod-2"), ports=(UDP,))))
    assert not unsettled(served(state(ports=(UDP,))), one)
    assert not unsettled(None, served(state(endpoint("pod-1"))))
    assert not unsettled(served(state(endpoint("pod-1"))), served(state(endpoint("pod-2"), ports=(TCP,))))
    assert not unsettled(one, tuple(replace(front, affinity=10) for front in one))
