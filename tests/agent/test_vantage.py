import base64
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import pytest

import harness.agent
from harness.agent import queries
from harness.agent.channel import UnixChannel
from harness.agent.vantage import sweep
from harness.errors import ProbeError
from harness.model.probe import Outcome, Protocol, Target
from harness.wait import eventually, provisioned

POD = Path(harness.agent.__file__).parent / "pod"


def test_a_stream_stays_one_connection(client, backend):
    target = backend.serving("tcp")
    before = backend.vantage.arrived(Protocol.TCP, target.port)

    with client.vantage.stream(target) as stream:
        seen = stream.exchange(times=3) + stream.exchange(size=5000)

    assert seen.all_answered
    assert {answer.source_port for answer in seen.answers} == {stream.source_port}
    assert backend.vantage.arrived(Protocol.TCP, target.port) == before + 1


def test_a_stream_outlives_its_listener(client, backend):
    target = backend.serving("tcp")

    with client.vantage.stream(target) as stream:
        stream.exchange()
        backend.vantage.unserve(Protocol.TCP, target.port)

        assert stream.exchange().all_answered
        assert client.vantage.tcp(target).outcomes == {Outcome.REFUSED}


def test_a_stream_whose_backend_dies_is_refused(start, client):
    with start("mortal") as mortal, client.vantage.stream(mortal.serving("tcp")) as stream:
        assert stream.exchange().all_answered
        mortal.process.kill()
        mortal.process.wait()

        assert stream.exchange().outcomes == {Outcome.REFUSED}
        assert stream.exchange(times=2).outcomes == {Outcome.REFUSED}


def test_a_stream_that_is_not_accepted_is_refused_when_asked(client):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with client.vantage.stream(Target("127.0.0.1", closed.getsockname()[1])) as stream:
            assert stream.exchange().errors == {"ECONNREFUSED"}


def test_a_udp_flow_keeps_its_port(client, backend):
    target = backend.serving("udp")

    with client.vantage.udp_flow(target) as flow:
        seen = flow.exchange(times=5)

    assert seen.all_answered
    assert {answer.source_port for answer in seen.answers} == {flow.source_port}


def test_a_udp_flow_can_have_a_port_of_choice(client, backend):
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("", 0))
        port = free.getsockname()[1]

    with client.vantage.udp_flow(backend.serving("udp"), source_port=port) as flow:
        assert flow.source_port == port
        assert flow.exchange().answers[0].source_port == port


def test_a_udp_flow_recovers_when_somebody_answers_again(client, backend):
    target = backend.serving("udp")
    backend.vantage.unserve(Protocol.UDP, target.port)
    with client.vantage.udp_flow(target) as flow:
        assert flow.exchange(times=2).outcomes == {Outcome.REFUSED}

        backend.vantage.serve(Protocol.UDP, target.port)

        assert flow.exchange(times=2).all_answered


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

        with pytest.raises(ProbeError, match="Is its pod still running"):
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


@pytest.fixture
def resolver():
    """A DNS server on loopback that knows one name; the port it has."""
    with socket.socket(type=socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve():
            while True:
                data, peer = server.recvfrom(4096)
                if not data:
                    return
                query = dns.message.from_wire(data)
                answer = dns.message.make_response(query)
                answer.flags |= dns.flags.AA
                if query.question[0].name.to_text().startswith("svc."):
                    answer.answer = [dns.rrset.from_text(query.question[0].name, 5, "IN", "A", "10.96.0.9")]
                else:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                server.sendto(answer.to_wire(), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.sendto(b"", server.getsockname())
        thread.join()


def test_a_lookup_goes_out_from_the_vantage(client, resolver, monkeypatch):
    monkeypatch.setattr(queries, "PORT", resolver)

    found = client.vantage.dns("svc.demo.svc.cluster.local", server="127.0.0.1")
    missing = client.vantage.dns("none.demo.svc.cluster.local.", server="127.0.0.1")

    assert (found.code, found.records, found.types, found.ttl) == ("NOERROR", {"10.96.0.9"}, {"A"}, 5)
    assert found.authoritative
    assert (missing.code, missing.records) == ("NXDOMAIN", frozenset())
    assert "client asks 127.0.0.1 for svc.demo.svc.cluster.local. A: NOERROR, 10.96.0.9" in client.notes


def test_a_lookup_without_a_server_says_what_came_back(client, monkeypatch):
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(queries, "PORT", free.getsockname()[1])
        silent = client.vantage.dns("svc", server="127.0.0.1", timeout=0.2)

    assert silent.code == "TIMEOUT"
    assert client.vantage.dns("svc", server="127.0.0.1").code == "ECONNREFUSED"


def test_an_answer_that_is_no_dns_is_malformed():
    result = {"outcome": "answered", "seconds": 0.1, "answer": base64.b64encode(b"nonsense").decode()}

    assert queries.lookup("client", "10.96.0.10", queries.query("svc", "A"), result).code == "MALFORMED"


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


def test_nobody_on_the_loopback_answers_arp(client):
    assert client.vantage.neighbour("127.0.0.9") == ""
