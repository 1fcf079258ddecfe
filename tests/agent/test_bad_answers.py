"""Whatever a server answers, a probe has an outcome: what is no answer to it is a stranger."""

import functools
import itertools
import json
import socket
import struct
import threading
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcproof.model.probe import Outcome, Protocol, Target

pytestmark = pytest.mark.timeout(60)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Stage:
    """A server on loopback whose answer to every request is a function of that, over TCP or UDP."""

    def __init__(self):
        self.answer = lambda request: b""
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(type=socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._serve_tcp, self._serve_udp)]
        for thread in self._threads:
            thread.start()

    def target(self, protocol):
        sock = self._udp if protocol == "udp" else self._tcp
        return Target("127.0.0.1", sock.getsockname()[1], Protocol(protocol))

    def close(self):
        self._tcp.shutdown(socket.SHUT_RDWR)
        self._udp.sendto(b"", self._udp.getsockname())
        for thread in self._threads:
            thread.join()
        self._tcp.close()
        self._udp.close()

    def _serve_tcp(self):
        while True:
            try:
                accepted, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(accepted,), daemon=True).start()

    def _talk(self, accepted):
        with accepted:
            try:
                request = accepted.recv(4096)
                for piece in pieces(self.answer(request)):
                    accepted.sendall(piece)
                accepted.shutdown(socket.SHUT_WR)
                accepted.recv(1)
            except OSError:
                pass  # the probe has heard enough

    def _serve_udp(self):
        while True:
            request, peer = self._udp.recvfrom(4096)
            if not request:
                return
            for piece in pieces(self.answer(request)):
                self._udp.sendto(piece[:60_000], peer)


def pieces(answer):
    return [answer] if isinstance(answer, bytes) else answer


@pytest.fixture(scope="module")
def stage():
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def probed(stage, client):
    """Probe with a protocol a server that answers with these bytes, and return what is seen."""

    def probe(protocol, answer, timeout=5.0):
        stage.answer = answer
        return client.vantage.probe([stage.target(protocol)], timeout=timeout)

    return probe


def ours(request, protocol="tcp", **changes):
    """The line with which one of our own would answer a request, with some keys changed."""
    nonce = request.split()[1].decode().removeprefix("/?")
    sound = {
        "pod": "db-0",
        "node": "node-a",
        "namespace": "demo",
        "port": 80,
        "protocol": protocol,
        "source": "127.0.0.1",
        "source_port": 4000,
        "nonce": nonce,
        "size": 0,
    }
    return json.dumps(sound | changes).encode() + b"\n"


def with_payload(protocol, payload, request):
    return ours(request, protocol, size=len(payload)) + payload


def page(body, head=HEAD):
    return head % len(body) + body


CHANGES = [
    {"pod": 3}, {"pod": None}, {"pod": ""}, {"pod": "a\u0000b"}, {"pod": "a\x1b[31m"}, {"pod": "\ud800"},
    {"pod": "x" * 300}, {"node": []}, {"namespace": {}}, {"node": "a\nb"}, {"node": True}, {"port": "80"}, {"port": -1},
    {"port": 65536}, {"port": True}, {"port": 80.0}, {"port": 10**400}, {"protocol": "http"}, {"protocol": 6},
    {"protocol": "sctp"}, {"source": "nowhere"}, {"source": 5}, {"source": None}, {"source_port": float("nan")},
    {"source_port": float("inf")}, {"nonce": "else"}, {"nonce": 1}, {"nonce": ["x"]}, {"nonce": None}, {"nonce": ""},
    {"size": "0"}, {"size": None}, {"size": -1}, {"size": 1}, {"size": 10**30}, {"size": False}, {"size": 0.0},
    {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES, ids=repr)
def test_an_answer_of_which_one_part_is_not_as_it_should_be_is_a_stranger(probed, changes):
    assert probed("tcp", lambda request: ours(request, **changes)).outcomes == {Outcome.STRANGER}
    assert probed("udp", lambda request: ours(request, **{"protocol": "udp"} | changes)).outcomes == {Outcome.STRANGER}
    assert probed("http", lambda request: page(ours(request, **{"protocol": "http"} | changes))).outcomes == (
        {Outcome.ANSWERED} if changes == {"protocol": "http"} else {Outcome.STRANGER}
    )


@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
def test_the_answer_of_one_of_ours_is_taken(probed, protocol):
    def answer(request):
        return page(ours(request, "http")) if protocol == "http" else ours(request, protocol)

    assert probed(protocol, answer).all_answered


NONSENSE = {
    "nothing but a newline": lambda _: b"\n",
    "bytes": lambda _: bytes(range(256)),
    "no newline": lambda _: b"x" * 100_000,
    "nested lists": lambda _: b"[" * 10_000 + b"]" * 10_000 + b"\n",
    "nested lists of one line": lambda _: b"[" * 2000 + b"]" * 2000 + b"\n",
    "nested mappings": lambda _: b'{"a":' * 800 + b"1" + b"}" * 800 + b"\n",
    "a huge number": lambda _: b"9" * 4000 + b"\n",
    "a number": lambda _: b"1\n",
    "not a number": lambda _: b"NaN\n",
    "null": lambda _: b"null\n",
    "a list": lambda _: b"[]\n",
    "UTF-16": lambda request: ours(request).decode().encode("utf-16"),
    "a byte order mark": lambda request: b"\xef\xbb\xbf" + ours(request),
    "a key that is there twice": lambda request: ours(request).replace(b'{"pod"', b'{"pod": "other", "pod"'),
    "a part missing": lambda request: ours(request).replace(b'"node": "node-a", ', b""),
    "the request itself": lambda request: request,
    "more after the answer": lambda request: ours(request) + b"more",
    "the answer twice": lambda request: ours(request) * 2,
    "a payload nobody sent": lambda request: ours(request, size=4) + b"xxxx",
    "a banner, and silence": lambda _: [b"SSH-2.0-OpenSSH_9.2"],
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_stranger(probed, answer):
    assert probed("tcp", answer).outcomes == {Outcome.STRANGER}
    assert probed("udp", answer).outcomes == {Outcome.STRANGER}
    assert probed("http", lambda request: page(answer(b"POST /?n HTTP/1.1\r\n") and b"nonsense\n")).outcomes == {
        Outcome.STRANGER
    }


def pages(request):
    """Responses that are not the one that one of ours would give to this request."""
    line = ours(request, "http")
    plain = page(line)
    return {
        "another status": plain.replace(b"200 OK", b"204 No Content"),
        "another version": plain.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "a status of many digits": plain.replace(b"200", b"2" * 5000),
        "no length": plain.replace(b"Content-Length", b"X-Length"),
        "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + line,
        "a gigantic length": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" + line,
        "a length too short": page(line, HEAD.replace(b"%d", b"%d0")),
        "two lengths": page(line, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: %d\r\n\r\n"),
        "a length of words": b"HTTP/1.1 200 OK\r\nContent-Length: all\r\n\r\n" + line,
        "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + line,
        "a negative chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n" + line,
        "a compressed page": page(line, HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")),
        "a storm of 100": b"HTTP/1.1 100 Continue\r\n\r\n" * 5000 + plain,
        "a flood of headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n" + line,
        "a header without end": b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 200_000,
        "more after the page": plain + b"more",
        "two pages": plain * 2,
        "only newlines": plain.replace(b"\r\n", b"\n"),
        "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 20,
        "TLS": b"\x15\x03\x01\x00\x02\x02\x50",
    }


@pytest.mark.parametrize("name", pages(b"POST /?n HTTP/1.1\r\n"))
def test_a_page_that_is_not_the_one_asked_for_is_a_stranger(probed, name):
    assert probed("http", lambda request: pages(request)[name]).outcomes == {Outcome.STRANGER}


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_a_stream_without_end_is_a_stranger_and_keeps_nobody_waiting(probed, client, protocol):
    def endless(request):
        yield b"HTTP/1.1 200 OK\r\n" if protocol == "http" else b""
        yield from itertools.repeat(b"x" * 60_000, 10_000)

    began = time.monotonic()

    assert probed(protocol, endless).outcomes == {Outcome.STRANGER}
    assert time.monotonic() - began < 5
    assert client.vantage.environment().hostname


def test_bytes_that_come_one_by_one_are_a_stranger_when_the_time_is_over(probed):
    def dripping(request):
        for _ in range(60):
            time.sleep(0.05)
            yield b"x"

    (seen,) = probed("tcp", dripping, timeout=1.0)

    assert seen.outcome is Outcome.STRANGER
    assert 1.0 <= seen.seconds < 2.5


def test_an_answer_of_ours_of_which_the_rest_is_lost_is_dropped(stage, client):
    def beginning(request):
        yield ours(request, size=5) + b"xx"
        time.sleep(2.0)

    stage.answer = beginning

    assert client.vantage.tcp(stage.target("tcp"), size=5, timeout=0.5).outcomes == {Outcome.DROPPED}


@pytest.mark.parametrize("payload", [b"yyyyy", b"xxxxy", b"\0\0\0\0\0"])
def test_an_answer_with_another_payload_is_a_stranger(stage, client, payload):
    for protocol, probe in (("tcp", client.vantage.tcp), ("udp", client.vantage.udp)):
        stage.answer = functools.partial(with_payload, protocol, payload)

        assert probe(stage.target(protocol), size=5).outcomes == {Outcome.STRANGER}


def test_answers_to_earlier_probes_without_end_do_not_hold_a_flow_up(stage, client):
    def parrot(request):
        first = ours(request)
        yield first
        yield from itertools.repeat(first * 200, 20_000)

    stage.answer = parrot
    with client.vantage.stream(stage.target("tcp")) as stream:
        began = time.monotonic()
        stream.exchange(timeout=1.0)
        seen = stream.exchange(timeout=1.0)

    assert seen.none_answered or seen.outcomes == {Outcome.STRANGER}
    assert time.monotonic() - began < 8


@pytest.mark.timeout(90)
@pytest.mark.parametrize("protocol", ["tcp", "udp", "http"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_at_all_have_an_outcome(probed, protocol, data):
    pieces = data.draw(st.lists(st.binary(min_size=1, max_size=200) | FRAGMENTS, max_size=6))

    def answer(request):
        return b"".join(one(request, protocol) if callable(one) else one for one in pieces)

    (seen,) = probed(protocol, answer)

    assert seen.outcome in {Outcome.STRANGER, Outcome.REFUSED}


FRAGMENTS = st.sampled_from(
    [
        b"\r\n\r\n", b"\n", b"HTTP/1.1 200 OK\r\n", b"Content-Length: 7\r\n", b'{"pod": "a"', b"null\n", b"[" * 3000,
        lambda request, protocol: ours(request, protocol)[:-9],
        lambda request, protocol: ours(request, protocol).replace(b"db-0", b"\xff"),
        lambda request, _: struct.pack(">I", len(request)) + request,
    ]
)  # fmt: skip
