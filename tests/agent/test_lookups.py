import base64
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import pytest

from svcproof.agent import queries, readings
from svcproof.agent.queries import Query


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
    assert client.notes == [found, missing]


def test_a_lookup_without_a_server_says_what_came_back(client, monkeypatch):
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setattr(queries, "PORT", free.getsockname()[1])
        silent = client.vantage.dns("svc", server="127.0.0.1", timeout=0.2)

    assert silent.code == "TIMEOUT"
    assert client.vantage.dns("svc", server="127.0.0.1").code == "ECONNREFUSED"


def test_an_answer_that_is_no_dns_is_malformed():
    result = readings.Carried(outcome="answered", seconds=0.1, answer=base64.b64encode(b"nonsense").decode())

    asked = Query("svc", "A", "10.96.0.10")
    assert queries.lookup("client", asked, queries.message(asked), result).code == "MALFORMED"
