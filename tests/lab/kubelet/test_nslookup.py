"""The stand-in for nslookup, against a DNS server of the test's own."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from svcproof.lab.kubelet.images import PROGRAMS

pytestmark = pytest.mark.timeout(60)
NAME = "kubernetes.default.svc.cluster.local."
RECORDS = {
    (NAME, "A"): ["10.96.0.1"],
    ("many.example.", "A"): [f"10.0.{n // 250}.{n % 250}" for n in range(400)],
    ("_https._tcp.web.example.", "SRV"): ["0 100 443 web.example."],
    ("1.0.96.10.in-addr.arpa.", "PTR"): [NAME],
}


def answer(data: bytes, limit: int) -> bytes:
    query = dns.message.from_wire(data)
    response = dns.message.make_response(query)
    (question,) = query.question
    values = RECORDS.get((question.name.to_text(), question.rdtype.name))
    if values:
        response.answer.append(dns.rrset.from_text(question.name, 5, "IN", question.rdtype.name, *values))
    elif question.name.to_text() not in {name for name, _ in RECORDS}:
        response.set_rcode(dns.rcode.NXDOMAIN)
    wire = response.to_wire(max_size=65535)
    if len(wire) <= limit:
        return wire
    response.answer.clear()
    response.flags |= dns.flags.TC
    return response.to_wire()


def serve(datagrams: socket.socket, listener: socket.socket) -> None:
    threading.Thread(target=serve_tcp, args=(listener,), daemon=True).start()
    while True:
        try:
            data, sender = datagrams.recvfrom(4096)
        except OSError:
            return
        datagrams.sendto(answer(data, 4096), sender)


def serve_tcp(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            data = connection.recv(4096)
            wire = answer(data[2:], 65535)
            connection.sendall(len(wire).to_bytes(2, "big") + wire)


@pytest.fixture
def port() -> Iterator[int]:
    # A free port of TCP first: connections of other tests take many of these, and datagrams few.
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        number: int = listener.getsockname()[1]
        datagrams.bind(("127.0.0.1", number))
        threading.Thread(target=serve, args=(datagrams, listener), daemon=True).start()
        yield number
        listener.shutdown(socket.SHUT_RDWR)


def nslookup(*words: str) -> tuple[int, str]:
    program = PROGRAMS / "clients" / "nslookup.py"
    ended = subprocess.run([sys.executable, str(program), *words], capture_output=True, text=True, timeout=30)
    return ended.returncode, ended.stdout + ended.stderr


def test_the_server_that_is_named_is_asked_for_the_name(port: int):
    code, printed = nslookup(f"-port={port}", NAME, "127.0.0.1")

    assert code == 0
    assert f"Address:\t127.0.0.1:{port}\n" in printed
    assert f"Name:\t{NAME[:-1]}\nAddress: 10.96.0.1\n" in printed


@pytest.mark.parametrize("option", ["-type=srv", "-query=SRV", "-q=srv", "-querytype=SRV"])
def test_records_of_the_type_that_is_asked_for_are_shown(port: int, option: str):
    code, printed = nslookup(option, f"-port={port}", "_https._tcp.web.example.", "localhost")

    assert code == 0
    assert "_https._tcp.web.example\tservice = 0 100 443 web.example" in printed


def test_an_address_is_looked_up_by_its_pointer(port: int):
    code, printed = nslookup(f"-port={port}", "10.96.0.1", "127.0.0.1")

    assert (code, "name = kubernetes.default.svc.cluster.local" in printed) == (0, True)


def test_an_answer_too_long_for_a_datagram_is_whole(port: int):
    code, printed = nslookup(f"-port={port}", "many.example.", "127.0.0.1")

    assert code == 0
    assert printed.count("Address: 10.0.") == 400


def test_an_unknown_name_and_a_type_without_records_are_told_apart_and_fail(port: int):
    assert nslookup(f"-port={port}", "no.example.", "127.0.0.1")[0] == 1
    assert "can't find no.example.: NXDOMAIN" in nslookup(f"-port={port}", "no.example.", "127.0.0.1")[1]
    code, printed = nslookup(f"-port={port}", "-type=mx", NAME, "127.0.0.1")
    assert (code, "No answer" in printed) == (1, True)


def test_a_server_that_does_not_answer_is_an_error():
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        ended = nslookup(f"-port={port}", "-timeout=0.3", NAME, "127.0.0.1")
        assert ended[0] == 1
        assert "no servers could be reached" in ended[1]
    closed = nslookup(f"-port={port}", "-timeout=0.3", NAME, "127.0.0.1")
    assert closed[0] == 1
    assert "10.96.0.1" not in closed[1]


@pytest.mark.parametrize("words", [[], ["a", "b", "c"], ["-colour=red", "a"], ["-type=none", "a"], ["-port=x", "a"]])
def test_a_wrong_command_line_is_an_error(words: list[str]):
    code, printed = nslookup(*words)

    assert (code, "usage: nslookup" in printed) == (1, True)


def test_a_server_without_an_address_is_an_error():
    code, printed = nslookup(NAME, "no-such-server.invalid")

    assert (code, "can't resolve 'no-such-server.invalid'" in printed) == (1, True)
