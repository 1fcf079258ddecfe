import os
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from svcproof.agent.accounting import Stream
from svcproof.agent.traffic import flowing
from svcproof.errors import ProbeError
from svcproof.model.probe import Outcome, Protocol, Target
from svcproof.model.traffic import Manner

EITHER = (Manner.NEW, Manner.KEPT)


def flow_to(client, *targets, manners=EITHER, pods=None, timeout=0.3, every=0.02):
    streams = [Stream(target, manner, pods) for target in targets for manner in manners]
    return flowing([client.vantage], lambda _: streams, every, timeout)


def test_traffic_goes_on_for_as_long_as_the_with_lasts(client, backend):
    targets = [backend.serving("tcp"), backend.serving("udp")]

    with flow_to(client, *targets) as flow:
        time.sleep(0.5)

    assert len(flow.total) == 4
    assert all(stream.sent >= 10 and stream.answered == stream.sent for stream in flow.total)
    assert flow.total.longest_gap == 0.0
    assert {stream.target for stream in flow.total} == set(targets)


def test_kept_traffic_has_one_connection_and_new_traffic_many(client, backend):
    target = backend.serving("tcp")
    before = backend.vantage.arrived(Protocol.TCP, target.port)

    with flow_to(client, target, manners=[Manner.KEPT]) as flow:
        time.sleep(0.3)

    assert flow.total.sent > 5
    assert backend.vantage.arrived(Protocol.TCP, target.port) == before + 1


def test_what_is_closed_meanwhile_is_lost_and_the_gap_is_as_long(client, backend):
    target = backend.serving("tcp")

    with flow_to(client, target, manners=[Manner.NEW]) as flow:
        time.sleep(0.2)
        backend.vantage.unserve(Protocol.TCP, target.port)
        time.sleep(0.6)
        backend.vantage.serve(Protocol.TCP, target.port)
        time.sleep(0.2)

    (stream,) = flow.total
    assert stream.outcomes[Outcome.REFUSED] == stream.lost > 0
    assert 0.4 < stream.longest_gap < 0.9
    assert 0.1 < stream.gap_at < 0.6


def test_a_connection_that_the_other_side_ended_is_counted_and_made_anew(start, client):
    with ExitStack() as agents:
        mortal = agents.enter_context(start("mortal"))
        target = mortal.serving("tcp")
        with flow_to(client, target, manners=[Manner.KEPT]) as flow:
            time.sleep(0.1)
            mortal.process.kill()
            mortal.process.wait()
            agents.enter_context(start("successor", "--tcp", str(target.port)))
            time.sleep(0.3)

    (stream,) = flow.total
    assert stream.broken == 1
    assert set(stream.backends) == {"mortal", "successor"}
    assert flow.total.moved == (stream,)


def test_a_kept_udp_socket_goes_on_after_refusals(client, backend):
    target = backend.serving("udp")

    with flow_to(client, target, manners=[Manner.KEPT]) as flow:
        backend.vantage.unserve(Protocol.UDP, target.port)
        time.sleep(0.3)
        backend.vantage.serve(Protocol.UDP, target.port)
        time.sleep(0.3)

    (stream,) = flow.total
    assert stream.outcomes[Outcome.REFUSED] > 3
    assert stream.answered > 3
    assert stream.broken == 0


def test_who_answers_and_should_not_is_named(client, backend):
    with flow_to(client, backend.serving("udp"), pods=frozenset({"another"})) as flow:
        time.sleep(0.1)

    assert flow.total.wrong == {backend.vantage.name}


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_a_client_that_was_starved_has_lost_nothing(start, backend, protocol):
    with start("starved") as starved, flow_to(starved, backend.serving(protocol)) as flow:
        time.sleep(0.1)
        os.kill(starved.process.pid, signal.SIGSTOP)
        time.sleep(0.8)  # longer than any try has
        os.kill(starved.process.pid, signal.SIGCONT)
        time.sleep(0.1)

    for stream in flow.total:
        assert (stream.lost, stream.longest_gap) == (0, 0.0)
        assert stream.unsent >= 20
        assert stream.late > 0.5


def test_traffic_to_nobody_is_lost_from_the_beginning(client, free_tcp_port):
    with flow_to(client, Target("127.0.0.1", free_tcp_port)) as flow:
        time.sleep(0.2)

    assert flow.total.answered == 0
    assert flow.total.longest_gap > 0.1


def test_the_account_is_recorded_also_where_the_disturbance_failed(client, backend):
    with pytest.raises(RuntimeError, match="disturbed"), flow_to(client, backend.serving("tcp"), manners=[Manner.NEW]):
        raise RuntimeError("disturbed")

    assert client.notes[-1].manner is Manner.NEW


@pytest.mark.parametrize(
    "body",
    [
        {"streams": [], "every": 0.1, "longest": 1},
        {"streams": [{}], "every": 0.1, "longest": 1},
        {"streams": "all", "every": 0.1, "longest": 1},
        {"every": 0, "longest": 1},
        {"every": 0.1, "longest": 1e9},
        {"kept": "yes"},
        {"protocol": "http", "kept": True},
    ],
)
def test_bad_requests_are_refused(client, body):
    spec = {"protocol": "tcp", "address": "127.0.0.1", "port": 9, "timeout": 1.0, "kept": True}
    keys = {key: body[key] for key in body if key in spec}
    whole = {"streams": [spec | keys], "every": 0.1, "longest": 1} | {key: body[key] for key in body if key not in keys}

    with pytest.raises(ProbeError):
        client.vantage.ask("/traffic/begin", whole)


def test_all_tries_are_from_the_port_that_is_asked_for(client):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        mute.settimeout(5.0)
        target = Target("127.0.0.1", mute.getsockname()[1], Protocol.UDP)
        streams = [Stream(target, Manner.NEW, source_port=port)]

        with flowing([client.vantage], lambda _: streams, 0.05, 0.04) as flow:
            senders = {mute.recvfrom(2048)[1][1] for _ in range(6)}

    assert senders == {port}
    assert flow.total.unsent == 0
