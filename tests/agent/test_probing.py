import json
import socket
from contextlib import suppress

import pytest

from svcproof.agent import readings
from svcproof.errors import ProbeError
from svcproof.model.probe import Outcome, Protocol, Target

BURST = 128
"""Probes that begin at once; more begin a moment later."""


@pytest.fixture
def mute():
    """Where connections are neither taken nor refused: a listener whose queue is full."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting = [socket.socket() for _ in range(2)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(listener.getsockname())
    yield Target("127.0.0.1", listener.getsockname()[1])
    for one in (*waiting, listener):
        one.close()


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_an_answer_says_who_answers_and_whom_it_saw(client, backend, protocol, address):
    target = backend.serving(protocol, address)

    seen = client.vantage.probe([target])

    assert seen.all_answered
    answer = seen.answers[0]
    assert (answer.pod, answer.node, answer.namespace) == ("backend", "node-a", "demo")
    assert (answer.port, answer.protocol, answer.source) == (target.port, protocol, address)


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
@pytest.mark.parametrize("size", [1, 1400, 60_000])
def test_a_payload_is_echoed(client, backend, protocol, size):
    target = backend.serving(protocol)

    assert getattr(client.vantage, protocol)(target, times=3, size=size).all_answered


def test_each_probe_has_a_source_port_of_its_own(client, backend):
    for protocol in ("tcp", "udp"):
        seen = client.vantage.probe([backend.serving(protocol)], times=100)

        assert len({answer.source_port for answer in seen.answers}) == 100


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_source_ports_do_not_come_again(client, backend, protocol):
    target, ask = backend.serving(protocol), getattr(client.vantage, protocol)

    seen = ask(target, times=100) + ask(target, times=100)

    assert len({answer.source_port for answer in seen.answers}) == 200


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
def test_a_closed_port_is_refused_with_the_error_that_came_back(client, protocol):
    with socket.socket(type=socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        if protocol == "udp":
            free.close()

        seen = client.vantage.probe([Target("127.0.0.1", port, Protocol(protocol))])

    assert seen.outcomes == {Outcome.REFUSED}
    assert seen.errors == {"ECONNREFUSED"}


def test_silence_is_dropped_and_only_after_the_whole_time(client, mute):
    seen = client.vantage.tcp(mute, times=3, timeout=0.3)

    assert seen.outcomes == {Outcome.DROPPED}
    assert min(one.seconds for one in seen) >= 0.3


def test_silence_of_udp_is_dropped(client):
    with socket.socket(type=socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))

        seen = client.vantage.udp(Target("127.0.0.1", deaf.getsockname()[1]), timeout=0.2)

        assert seen.outcomes == {Outcome.DROPPED}


def test_probes_that_must_fail_fail_together(client, mute):
    seen = client.vantage.tcp(mute, times=500, timeout=0.5)

    assert len(seen) == 500
    assert seen.none_answered
    assert sum(one.seconds for one in seen) > 100


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"{}\n", b"half an ans", b"\n", b"x" * 9000])
def test_an_answer_that_is_not_ours_is_a_stranger(client, speaker, answer):
    seen = client.vantage.tcp(speaker(answer))

    assert seen.outcomes == {Outcome.STRANGER}


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nIt works!\n", b"\0" * 99]
)
def test_a_web_page_that_is_not_ours_is_a_stranger(client, speaker, answer):
    assert client.vantage.http(speaker(answer)).outcomes == {Outcome.STRANGER}


def test_the_answer_to_another_probe_is_a_stranger(client, backend, speaker):
    with socket.create_connection(("127.0.0.1", backend.serving("tcp").port)) as connection:
        connection.sendall(b"svcproof 0123456789 0\n")
        other = connection.recv(4096)

    assert client.vantage.tcp(speaker(other)).outcomes == {Outcome.STRANGER}


def test_a_connection_ended_without_a_word_is_refused(client, speaker):
    seen = client.vantage.tcp(speaker(b""))

    assert (seen.outcomes, seen.errors) == ({Outcome.REFUSED}, {"EOF"})


def test_a_port_that_cannot_be_had_is_no_observation(client, backend):
    target = backend.serving("udp")
    with socket.socket(type=socket.SOCK_DGRAM) as taken:
        taken.bind(("", 0))
        port = taken.getsockname()[1]

        flow = client.vantage.udp_flow(target, source_port=port)
        with pytest.raises(ProbeError, match="Address already in use"), flow:
            pass

    assert client.notes == []


def test_a_name_is_no_address(client):
    with pytest.raises(ProbeError, match="localhost"):
        client.vantage.tcp(Target("localhost", 80))


def test_a_batch_keeps_its_order(client, backend):
    targets = [backend.serving("tcp"), backend.serving("udp"), backend.serving("http")] * 100

    seen = client.vantage.probe(targets)

    assert [answer.port for answer in seen.answers] == [target.port for target in targets]


def until_quiet(connection):
    """What arrives, until nothing more does within the connection's timeout."""
    with suppress(TimeoutError):
        while data := connection.recv(1 << 20):
            yield data


def test_a_batch_is_answered_once_however_fast_it_ends(client):
    """Else its second answer is taken for that to whatever is asked next on a connection that is used again."""
    refused = readings.probe_spec(Target("127.0.0.1", 9), timeout=1.0)
    body = json.dumps({"probes": [refused] * (BURST + 1)})
    secret = f"X-Svcproof-Secret: {client.vantage.channel.secret}"
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(client.vantage.channel.path))
        connection.sendall(f"POST /probe HTTP/1.1\r\n{secret}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        connection.settimeout(0.5)
        heard = b"".join(until_quiet(connection))

    assert heard.count(b"HTTP/1.1 200") == 1


def test_an_empty_batch_shows_nothing(client):
    assert len(client.vantage.probe([])) == 0


def test_every_observation_is_recorded(client, backend):
    target = backend.serving("tcp")

    seen = client.vantage.tcp(target, times=2)

    assert tuple(client.notes) == seen.observations
    assert {(probe.vantage, probe.node, probe.target) for probe in seen} == {("client", client.vantage.node, target)}


def test_anybody_who_sends_a_line_gets_an_answer(backend):
    with socket.create_connection(("127.0.0.1", backend.serving("tcp").port)) as connection:
        connection.sendall(b"hello\n")

        assert b'"pod": "backend"' in connection.recv(4096)
