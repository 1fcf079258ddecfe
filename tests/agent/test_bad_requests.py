"""Whatever is sent to an agent, by anyone, it goes on serving."""

import contextlib
import json
import random
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcproof.errors import ProbeError

PROBE = {"protocol": "tcp", "address": "127.0.0.1", "port": 9, "timeout": 0.1}
DATAGRAMS = [
    b"", b"\n", b"svcproof", b"svcproof n 5", b"svcproof n " + b"9" * 60_000 + b"\n", b"svcproof n -1\n",
    b"svcproof n 1e9\n", b"svcproof \xff\xfe 0\n", b'svcproof "},{" 0\n', b"\0" * 65_000, b"svcproof " + b"n" * 65_000,
    b" " * 65_000 + b"\n",
]  # fmt: skip
STREAMS = [
    *DATAGRAMS, b"svcproof n 99999999999\nabc", b"svcproof n 1048577\n" + b"x" * 200_000, b"\n" * 300_000,
    b"x" * 300_000, b"svcproof n 0\n" * 50_000,
]  # fmt: skip
LENGTHS = [b"-1", b"+1", b"1_0", b"9" * 5000, b"99999999999", b"x", b"", b"\xb2", b"1, 1"]
CHUNKS = [
    b"-5\r\nabc", b"0x5\r\nabcde\r\n0\r\n\r\n", b"zz\r\n", b"F" * 400, b"fffffffffff\r\n", b"1\r\na\r\n" * 30_000,
]  # fmt: skip
PAGES = [
    b"GET\r\n\r\n", b"\r\n\r\n" * 1000, b"G" * 100_000, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000,
    b"GET /?" + b"\xff" * 9000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n" * 20_000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    *(b"POST /?n HTTP/1.1\r\nContent-Length: %s\r\n\r\nabc" % length for length in LENGTHS),
    *(b"POST /?n HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n%s" % chunks for chunks in CHUNKS),
]  # fmt: skip


@pytest.fixture(scope="module")
def served(start):
    """An agent of these tests alone, and what it serves."""
    with start("target") as agent:
        yield agent, {protocol: agent.serving(protocol) for protocol in ("tcp", "udp", "http")}


def send(target, words):
    """Send from a caller that reads nothing, and leaves."""
    kind = socket.SOCK_DGRAM if target.protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(type=kind) as caller, contextlib.suppress(OSError):
        caller.settimeout(2)
        caller.connect((target.address, target.port))
        caller.sendall(words[:65_000] if target.protocol == "udp" else words)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("protocol", "words"),
    [
        *(("udp", words) for words in DATAGRAMS),
        *(("tcp", words) for words in STREAMS),
        *(("http", words) for words in (*PAGES, *STREAMS)),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:24]),
)
def test_an_agent_goes_on_serving(served, client, protocol, words):
    agent, targets = served

    send(targets[protocol], words)

    assert client.vantage.probe(targets.values(), timeout=10).all_answered
    assert agent.process.poll() is None


@pytest.mark.timeout(90)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(protocol=st.sampled_from(["tcp", "udp", "http"]), words=st.binary(max_size=400))
def test_any_bytes_at_all_are_survived(served, client, protocol, words):
    agent, targets = served

    send(targets[protocol], words)

    assert client.vantage.probe([targets[protocol]], timeout=10).all_answered
    assert agent.process.poll() is None


@pytest.mark.timeout(60)
def test_a_caller_that_asks_for_ever_and_reads_nothing_does_not_fill_the_memory(served):
    agent, targets = served
    before = resident(agent.process.pid)

    with socket.create_connection((targets["tcp"].address, targets["tcp"].port)) as caller:
        caller.settimeout(5)
        with pytest.raises(ConnectionError):
            caller.sendall(b"\n" * (128 << 20))

    assert resident(agent.process.pid) < before + (128 << 20)


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * 4096


NO_BODIES = [
    "[]",
    "5",
    "null",
    '"x"',
    "[" * 100_000,
    "{",
    "",
    "NaN",
    '{"probes": 5}',
    '{"probes": [5]}',
    '{"probes": {}}',
]
NO_PROBES = [
    {}, {"port": 65536}, {"port": -1}, {"port": "80"}, {"port": None}, {"port": 10**30}, {"protocol": "icmp"},
    {"protocol": None}, {"protocol": []}, {"address": "nowhere"}, {"address": 5}, {"address": ""}, {"timeout": 0},
    {"timeout": -1}, {"timeout": "1"}, {"timeout": float("inf")}, {"timeout": float("nan")}, {"timeout": 1e300},
    {"source_port": 70_000}, {"source_port": "x"}, {"size": -1}, {"size": 1 << 40}, {"size": 0.5}, {"size": "1"},
]  # fmt: skip
PATHS = [
    "/probe", "/dns", "/status", "/neighbour", "/stream/open", "/stream/exchange", "/stream/close", "/serve", "/ready",
]  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", NO_BODIES, ids=lambda body: body[:20])
def test_a_request_of_the_harness_that_makes_no_sense_is_refused(served, path, body):
    agent, _ = served
    harmless = {"/serve": {"", '{"probes": 5}', '{"probes": [5]}', '{"probes": {}}'}}

    if body in harmless.get(path, ()):
        agent.vantage.channel.ask(path, body.encode(), 10)
    else:
        with pytest.raises(ProbeError, match=rf"refused {path}: .*Error"):
            agent.vantage.channel.ask(path, body.encode(), 10)

    assert agent.vantage.environment().hostname


@pytest.mark.timeout(60)
@pytest.mark.parametrize("changes", NO_PROBES[1:], ids=repr)
@pytest.mark.parametrize("path", ["/probe", "/dns", "/status", "/stream/open"])
def test_a_probe_that_cannot_be_is_refused_though_it_is_one_of_many(served, path, changes):
    agent, _ = served
    sound = PROBE | {"payload": "AAAA", "path": "/"}
    many = [sound] * 300 + [sound | changes]
    random.Random(1).shuffle(many)
    body = {"/probe": {"probes": many}, "/dns": {"queries": many}}.get(path, sound | changes)

    with pytest.raises(ProbeError, match=rf"refused {path}: .*ValueError"):
        agent.vantage.channel.ask(path, json.dumps(body).encode(), 10)

    assert agent.vantage.environment().hostname


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", [None, 5, "", "nowhere", "/ HTTP/1.1", "/\r\nHost: another", "/é"], ids=repr)
def test_a_path_of_a_server_that_is_none_is_refused(served, path):
    agent, _ = served

    with pytest.raises(ProbeError, match=r"refused /status: .*ValueError: path"):
        agent.vantage.channel.ask("/status", json.dumps(PROBE | {"path": path}).encode(), 10)
