from dataclasses import replace

from svcproof.reference_proxy.conntrack import parse
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


def test_the_kernel_is_asked_only_when_udp_may_have_changed() -> None:
    one, other = served(state(endpoint("pod-1"), ports=(UDP,))), served(state(endpoint("pod-2"), ports=(UDP,)))
    assert unsettled(None, one)
    assert unsettled(one, other)
    assert unsettled(one, ())
    assert not unsettled(one, one)
    assert not unsettled(served(state(endpoint("pod-1"))), served(state(endpoint("pod-2"), ports=(TCP,))))
    assert not unsettled(one, tuple(replace(front, affinity=10) for front in one))


def test_a_listing_is_read_with_and_without_flags() -> None:
    listing = (
        "udp      17 29 src=172.30.0.101 dst=10.96.0.10 sport=5001 dport=80 [UNREPLIED] "
        "src=10.244.1.1 dst=172.30.0.11 sport=8080 dport=5001 mark=0 use=1\n"
        "udp      17 119 src=10.244.1.2 dst=10.96.0.10 sport=41000 dport=80 "
        "src=10.244.1.2 dst=10.244.1.2 sport=8080 dport=41000 [ASSURED] mark=0 use=1\n"
    )
    assert parse(listing) == {GONE, LIVE}
