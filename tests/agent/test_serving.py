import contextlib
import http.client
import json
import socket

import pytest

LONG = b"svcproof " + b"x" * 5000


@pytest.fixture
def connect(backend):
    """A function that connects to a new port of the backend's."""
    opened = []

    def connection(protocol):
        opened.append(socket.create_connection(("127.0.0.1", backend.serving(protocol).port), timeout=20))
        return opened[-1]

    yield connection
    for one in opened:
        one.close()


def test_probes_sent_at_once_are_answered_in_order(connect):
    connection = connect("tcp")

    connection.sendall(b"".join(b"svcproof n%d 3\nabc" % number for number in range(3000)))

    with connection.makefile("rb") as answers:
        for number in range(3000):
            assert json.loads(answers.readline())["nonce"] == f"n{number}"
            assert answers.read(3) == b"abc"


def test_a_probe_in_pieces_is_answered_once_it_is_whole(connect):
    connection = connect("tcp")

    for piece in (b"svcpr", b"oof n1", b" 4\nab", b"cd"):
        connection.sendall(piece)

    with connection.makefile("rb") as answers:
        assert json.loads(answers.readline())["size"] == 4
        assert answers.read(4) == b"abcd"


@pytest.mark.parametrize(("protocol", "words"), [("tcp", LONG), ("http", b"GET\r\n\r\n"), ("http", b"G" * 20_000)])
def test_what_is_never_a_probe_ends_the_connection(connect, protocol, words):
    connection = connect(protocol)

    connection.sendall(words)

    with contextlib.suppress(ConnectionResetError):
        assert connection.recv(100) == b""


def test_a_web_connection_is_kept(backend):
    connection = http.client.HTTPConnection("127.0.0.1", backend.serving("http").port, timeout=20)
    answers = []

    for path in ("/", "/any/path?n7"):
        connection.request("GET", path)
        answers.append(json.loads(connection.getresponse().read()))
    connection.close()

    assert [answer["nonce"] for answer in answers] == ["", "n7"]
    assert len({answer["source_port"] for answer in answers}) == 1


def test_a_body_in_chunks_ends_where_the_last_one_says(backend):
    connection = http.client.HTTPConnection("127.0.0.1", backend.serving("http").port, timeout=20)
    sent = [(b"hello", b"x" * 70_000), (), (b"\r\n0\r\n", b"\r\n")]
    echoed = []

    for pieces in sent:
        connection.request("POST", "/", body=iter(pieces), encode_chunked=True)
        echoed.append(connection.getresponse().read().partition(b"\n")[2])
    connection.close()

    assert echoed == [b"".join(pieces) for pieces in sent]


def test_a_nonce_cannot_break_the_answer(connect):
    connection = connect("tcp")

    connection.sendall(b'svcproof "},"pod":"x 0\n')

    with connection.makefile("rb") as answers:
        assert json.loads(answers.readline())["nonce"] == ""


def test_a_caller_that_leaves_does_no_harm(connect, client, backend):
    for _ in range(50):
        connect("tcp").close()

    assert client.vantage.tcp(backend.serving("tcp")).all_answered
