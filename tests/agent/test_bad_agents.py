"""What is at the place of an agent may answer the harness anything: that is one clear error, and no observation."""

import base64
import json
import socket
import threading
import time
from contextlib import suppress

import dns.flags
import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.agent import queries, readings
from svcproof.agent.channels.local import TcpChannel
from svcproof.agent.queries import Query
from svcproof.agent.vantage import Vantage
from svcproof.errors import ProbeError
from svcproof.model.probe import Protocol, Target

THERE = Target("10.96.0.9", 80)
ANSWER = {
    "pod": "db-0", "node": "", "namespace": "demo", "port": 80, "protocol": "tcp", "source": "10.0.0.1",
    "source_port": 1, "nonce": "n", "size": 0,
}  # fmt: skip
ANSWERED = {"outcome": "answered", "seconds": 0.1, "resent": 0, "answer": ANSWER}


class Parrot:
    """A channel to something that always answers the same."""

    def __init__(self, answer):
        self.answer = answer

    def ask(self, path, body, timeout):
        return self.answer


def vantage(answer):
    class Notes(list):
        def record(self, happenings, began):
            self.extend(happenings)

    return Vantage("client", "node-a", ("10.0.0.1",), Parrot(answer), Notes(), shell=None, dns_server="10.96.0.10")


def flow(place):
    with place.stream(THERE) as stream:
        stream.exchange()


ASKED = {
    "tcp": lambda place: place.tcp(THERE),
    "several": lambda place: place.udp(THERE, times=3),
    "dns": lambda place: place.dns("svc"),
    "environment": lambda place: place.environment(),
    "arrived": lambda place: place.arrived(Protocol.TCP, 80),
    "stream": flow,
}
NONSENSE = [
    b"", b"null", b"{}", b"[]", b"[[]]", b"[{}]", b"5", b'"x"', b"NaN", b"[NaN]", b"\xff\xfe", b"\0" * 50,
    b"[" * 100_000, b'{"a":' * 5000, b"9" * 5000, b"[" + b"9" * 5000 + b"]", b"<html>502 Bad Gateway</html>",
    b"HTTP/1.1 200 OK\r\n\r\n", b'[{"outcome": "lost", "seconds": 1}]', b'[{"outcome": "dropped", "seconds": "1"}]',
    b'{"listeners": [{"port": 80}]}', b'{"id": "x", "source_port": 1}',
    b'{"variables": {"A": 1}, "resolv_conf": "", "hosts": "", "hostname": ""}',
]  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("answer", NONSENSE, ids=lambda answer: repr(answer[:20]))
def test_nonsense_is_one_error_that_shows_its_beginning(ask, answer):
    with pytest.raises(ProbeError) as error:
        ask(vantage(answer))

    assert "client" in str(error.value)
    assert len(str(error.value)) < 500
    assert str(error.value).isprintable()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
@given(
    answer=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(ANSWERED),
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(sorted(ANSWERED)), inner, max_size=4)
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_is_answered_is_read_or_one_error(ask, answer):
    with suppress(ProbeError):
        ask(vantage(answer))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "lost"}, {"outcome": None}, {"outcome": "dropped"}, {"answer": None}, {"answer": "x"},
        {"answer": []}, {"seconds": float("nan")}, {"seconds": -1}, {"seconds": "1"}, {"resent": -1}, {"resent": 0.5},
        {"errno": 5}, {"error": "no socket"}, {"answer": ANSWER | {"pod": "a\nb"}}, {"answer": {}},
        {"answer": ANSWER | {"port": 70_000}}, {"answer": ANSWER | {"protocol": "udp"}},
        {"answer": ANSWER | {"source": None}},
    ],
    ids=repr,
)  # fmt: skip
def test_a_result_of_which_one_part_is_not_as_it_should_be_is_an_error(changes):
    with pytest.raises(ProbeError):
        vantage(json.dumps([ANSWERED | changes]).encode()).tcp(THERE)


@pytest.mark.timeout(20)
def test_results_are_as_many_as_probes():
    place = vantage(json.dumps([ANSWERED] * 2).encode())

    assert place.tcp(THERE, times=2).all_answered
    with pytest.raises(ProbeError, match="asked for 3 probes and answered with 2"):
        place.tcp(THERE, times=3)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "page",
    [b"", b"\0\0\0\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx", b"x" * 100_000,
     b"HTTP/1.1 100 Continue\r\n\r\n" * 2000, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000 + b"\r\n",
     b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"HTTP/1.1 500 Oh\r\n\r\n" + b"\x1b" * 99],
    ids=lambda page: repr(page[:20]),
)  # fmt: skip
def test_a_control_port_that_is_none_is_one_error(serving, page):
    place = Vantage("client", "", ("127.0.0.1",), TcpChannel("127.0.0.1", serving(page), "s"), [], shell=None)

    with pytest.raises(ProbeError) as error:
        place.tcp(THERE)

    assert len(str(error.value)) < 1000


@pytest.mark.timeout(20)
@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\n\r\n["])
def test_a_control_port_that_answers_byte_by_byte_is_one_error_in_time(beginning):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=drip, args=(listener, beginning), daemon=True)
        dripping.start()
        channel = TcpChannel("127.0.0.1", listener.getsockname()[1], "s")
        began = time.monotonic()
        with pytest.raises(ProbeError):
            readings.understood("client", "/probe", readings.RESULTS, channel.ask("/probe", b"{}", 0.5))

        assert time.monotonic() - began < 3
        dripping.join()


def drip(listener, beginning):
    accepted, _ = listener.accept()
    with accepted, suppress(OSError):
        accepted.sendall(beginning)
        while True:
            accepted.sendall(b"1")
            time.sleep(0.05)


@pytest.fixture
def serving(speaker):
    """A function that serves a page at a port of loopback, which it returns."""
    return lambda page: speaker(page).port


ASKED = Query("svc.demo", "A", "10.96.0.10")


def response(change=lambda message: None):
    """The wire form of an answer to a query, which `change` may have changed."""
    query = queries.message(ASKED)
    message = dns.message.make_response(query)
    message.answer = [dns.rrset.from_text("svc.demo.", 5, "IN", "A", "10.96.0.9")]
    change(message)
    return query, message.to_wire()


def read(query, wire, **more):
    result = {"outcome": "answered", "seconds": 0.1, "answer": base64.b64encode(wire).decode()} | more
    return queries.lookup("client", ASKED, query, readings.Carried(**result))


def other_question(message):
    message.question = queries.message(Query("else.demo", "A", "10.96.0.10")).question


def question(message):
    message.flags &= ~dns.flags.QR


def another(message):
    message.id ^= 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("change", [other_question, question, another])
def test_a_message_that_does_not_answer_the_query_is_malformed(change):
    assert read(*response()).code == "NOERROR"
    assert read(*response(change)).code == "MALFORMED"


@pytest.mark.timeout(20)
def test_a_message_that_is_cut_or_goes_on_is_malformed():
    query, wire = response()

    for end in range(len(wire)):
        assert read(query, wire[:end]).code == "MALFORMED"
    assert read(query, wire + b"\0").code == "MALFORMED"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pointer", [b"\xc0\x0c", b"\xc0\x1a", b"\xff\xff", b"\xc0\x00"])
def test_a_name_that_points_at_itself_or_nowhere_is_malformed(pointer):
    query, wire = response()
    looping = wire[:12] + pointer + wire[14:]

    assert read(query, looping).code == "MALFORMED"


@pytest.mark.timeout(20)
def test_a_stranger_at_the_port_is_malformed_and_silence_is_not():
    query, _ = response()

    assert read(query, b"", outcome="stranger", answer=None).code == "MALFORMED"
    assert read(query, b"", outcome="dropped", answer=None).code == "TIMEOUT"
    assert read(query, b"", answer="!!").code == "MALFORMED"


@pytest.mark.timeout(60)
@given(data=st.data())
def test_any_bytes_at_all_are_a_lookup(data):
    query, wire = response()
    at = data.draw(st.integers(0, len(wire)))
    changed = wire[:at] + data.draw(st.binary(max_size=12)) + wire[at + data.draw(st.integers(0, 12)) :]

    assert read(query, data.draw(st.sampled_from([changed, wire[:12] + changed]))).code
