import http.client
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import svcproof.agent
from svcproof.agent.channels.local import UnixChannel
from svcproof.agent.vantage import sweep
from svcproof.errors import ProbeError
from svcproof.model.probe import Protocol, Target
from svcproof.wait import eventually, provisioned

POD = Path(svcproof.agent.__file__).parent / "pod"


def test_arrivals_are_counted(client, backend):
    for protocol in ("tcp", "udp", "http"):
        target = backend.serving(protocol)

        client.vantage.probe([target], times=7)

        assert backend.vantage.arrived(target.protocol, target.port) == 7


def test_nothing_can_arrive_where_nobody_serves(backend):
    with pytest.raises(ProbeError, match="does not serve udp port 1,"):
        backend.vantage.arrived(Protocol.UDP, 1)


def test_a_sweep_asks_from_everywhere(client, backend):
    target = backend.serving("tcp")

    seen = sweep([client.vantage, backend.vantage], [target, target], times=2)

    assert len(seen) == 8
    assert {one.vantage for one in seen} == {"client", "backend"}


def test_the_environment_is_the_agents_own(client):
    here = client.vantage.environment()

    assert here.variables["GREETING"] == "hello"
    assert here.variables["POD_NAME"] == "client"
    assert here.hostname == socket.gethostname()
    assert "localhost" in here.hosts


def status(url):
    """The HTTP status there, or 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except urllib.error.URLError:
        return 0


def test_readiness_is_what_the_harness_sets(start):
    with start("changing", "--unready") as pod:
        target = pod.serving("http")
        url = f"http://127.0.0.1:{target.port}/ready"

        before = status(url)
        pod.vantage.ready(True)

        assert (before, status(url)) == (503, 200)
        assert pod.vantage.arrived(Protocol.HTTP, target.port) == 0


def test_an_agent_ends_when_told(start):
    with start("ending") as pod:
        pod.process.send_signal(signal.SIGTERM)

        assert pod.process.wait(10) == 0


def test_a_lingering_agent_serves_on(start, client):
    with start("lingering", "--linger") as pod:
        target = pod.serving("tcp")

        pod.process.send_signal(signal.SIGTERM)

        assert client.vantage.tcp(target, times=5).all_answered


def test_without_the_secret_nothing_is_told(client):
    path = client.vantage.channel.path

    with pytest.raises(ProbeError, match="X-Svcproof-Secret"):
        UnixChannel(path, "guessed").ask("/environment", b"{}", 5)


def test_a_secret_is_not_shown(client):
    assert "of this run" not in repr(client.vantage.channel)


def test_an_agent_can_be_asked_over_tcp():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    agent = subprocess.Popen(
        [sys.executable, str(POD), "--control", f"tcp:{port}"], env={**os.environ, "SVCPROOF_SECRET": "s"}
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    try:
        provisioned("the agent", lambda: status(f"http://127.0.0.1:{port}/ready"), lambda code: code == 200, within=20)
        answers = []
        for secret in ("s", "wrong", "s"):
            connection.request("POST", "/environment", b"{}", {"X-Svcproof-Secret": secret})
            answer = connection.getresponse()
            answers.append((answer.status, answer.read()))
    finally:
        connection.close()
        agent.kill()
        agent.wait()

    assert [code for code, _ in answers] == [200, 403, 200]


def test_an_agent_that_is_gone_is_a_probe_error(start):
    with start("gone") as pod:
        pod.process.kill()
        pod.process.wait()

        with pytest.raises(ProbeError, match="Is it still running"):
            pod.vantage.tcp(Target("127.0.0.1", 1))


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'{"probes": [{}]}', b'{"probes": 3}'])
def test_what_cannot_be_read_is_refused_and_the_agent_lives_on(client, backend, body):
    with pytest.raises(ProbeError, match="refused /probe"):
        client.vantage.channel.ask("/probe", body, 5)

    assert client.vantage.tcp(backend.serving("tcp")).all_answered


def test_testinfra_runs_where_the_vantage_is(client):
    host = client.vantage.host

    assert host.check_output("echo %s", "grün & rot") == "grün & rot"
    assert host.file("/etc/hosts").exists
    assert host.run("exit 3").rc == 3


def test_a_probe_is_one_shot_and_waiting_is_for_the_check(start, client, backend):
    target = backend.serving("tcp")
    backend.vantage.unserve(Protocol.TCP, target.port)
    looks = []

    def look():
        looks.append(client.vantage.tcp(target))
        if len(looks) == 2:
            backend.vantage.serve(Protocol.TCP, target.port)
        return looks[-1]

    assert eventually(look, lambda seen: seen.all_answered, within=10, every=0.01).backends == {"backend"}
    assert len(looks) == 4, "one more look than it takes: twice in a row is no luck"


def test_the_status_of_any_http_server_is_told(client, backend):
    served = backend.serving("http")

    assert client.vantage.http_status("127.0.0.1", served.port) == 200
    backend.vantage.unserve(Protocol.HTTP, served.port)
    assert client.vantage.http_status("127.0.0.1", served.port) == 0


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"HTTP/1.0 503 Service Unavailable\r\n\r\n", 503),
        (b"HTTP/1.1 204\n", 204),
        (b"SSH-2.0-server\r\n", 0),
        (b"HTTP/1.1 2", 0),
        (b"x" * 10_000, 0),
        (b"", 0),
    ],
)
def test_a_status_is_read_from_the_first_line_alone(client, said, status):
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(client.vantage.http_status, "127.0.0.1", server.getsockname()[1], "/healthz")
        accepted, _ = server.accept()
        with accepted:
            received = accepted.recv(1000)
            accepted.sendall(said)

        assert asked.result() == status
        assert received.startswith(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:")


def test_nobody_on_the_loopback_answers_arp(client):
    assert client.vantage.neighbour("127.0.0.9") == ""
