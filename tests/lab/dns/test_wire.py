import asyncio
import socket
from collections.abc import Callable

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest
from dns.message import Message

from svcproof.lab.dns import server
from svcproof.lab.dns.server import respond
from svcproof.lab.dns.zone import Zone
from tests.lab.dns.cluster import PORTS, SERVICES, endpoint

MakeZone = Callable[..., Zone]
WEB = "web.shop.svc.cluster.local."
PEERS = ("shop", "peers")


def exchange(zone: Zone, query: Message, longest: int | None = None) -> Message:
    answer = respond(zone, query.to_wire(), longest=longest)
    assert answer is not None
    return dns.message.from_wire(answer)


def crowded(zone: MakeZone, count: int) -> Zone:
    made = zone()
    endpoints = [endpoint(f"10.244.{n // 200}.{n % 200 + 1}") for n in range(count)]
    made.set(PEERS, SERVICES[PEERS], [{"addressType": "IPv4", "endpoints": endpoints, "ports": PORTS}])
    return made


def test_answers_are_authoritative_live_five_seconds_and_echo_the_case(zone: MakeZone) -> None:
    answer = exchange(zone(), dns.message.make_query("WEB.shop.svc.cluster.local.", "A"))
    assert answer.flags & dns.flags.AA
    (held,) = answer.answer
    assert str(held.name) == "WEB.shop.svc.cluster.local."
    assert held.ttl == 5


@pytest.mark.parametrize(("name", "code"), [(WEB, "NOERROR"), ("missing.shop.svc.cluster.local.", "NXDOMAIN")])
def test_negative_answers_carry_the_start_of_authority(zone: MakeZone, name: str, code: str) -> None:
    answer = exchange(zone(), dns.message.make_query(name, "AAAA"))
    assert dns.rcode.to_text(answer.rcode()) == code
    (authority,) = answer.authority
    assert (str(authority.name), authority.ttl, authority[0].minimum) == ("cluster.local.", 5, 5)


def test_what_is_outside_the_zone_is_refused(zone: MakeZone) -> None:
    answer = exchange(zone(), dns.message.make_query("www.example.com.", "A"))
    assert answer.rcode() == dns.rcode.REFUSED
    assert not answer.flags & dns.flags.AA


def test_an_answer_that_is_too_long_for_udp_is_truncated_and_keeps_its_question(zone: MakeZone) -> None:
    made = crowded(zone, 100)
    query = dns.message.make_query("peers.shop.svc.cluster.local.", "A")
    over_udp = exchange(made, query, longest=512)
    assert over_udp.flags & dns.flags.TC
    assert over_udp.question == query.question
    assert len(exchange(made, query).answer[0]) == 100


def test_a_client_that_takes_more_over_udp_gets_more(zone: MakeZone) -> None:
    query = dns.message.make_query("peers.shop.svc.cluster.local.", "A", use_edns=0, payload=4096)
    answer = exchange(crowded(zone, 100), query, longest=512)
    assert not answer.flags & dns.flags.TC
    assert len(answer.answer[0]) == 100


def test_where_a_port_is_comes_with_its_address_as_long_as_there_is_room(zone: MakeZone) -> None:
    query = dns.message.make_query("_http._tcp.peers.shop.svc.cluster.local.", "SRV")
    whole = exchange(zone(), query)
    targets = {str(one.target) for one in whole.answer[0]}
    assert targets == {str(one.name) for one in whole.additional}
    made = crowded(zone, 6)
    assert len(respond(made, query.to_wire()) or b"") > 512
    tight = exchange(made, query, longest=512)
    assert len(tight.answer[0]) == 6
    assert not tight.additional
    assert not tight.flags & dns.flags.TC


@pytest.mark.parametrize("message", [b"", b"nonsense", b"\0" * 12])
def test_what_is_no_question_does_no_harm(zone: MakeZone, message: bytes) -> None:
    answer = respond(zone(), message)
    assert answer is None or dns.message.from_wire(answer).rcode() == dns.rcode.NOTIMP


def test_a_name_that_cannot_be_said_is_a_failure_of_the_server(
    zone: MakeZone, caplog: pytest.LogCaptureFixture
) -> None:
    made = zone()
    odd = SERVICES["shop", "elsewhere"] | {"spec": {"type": "ExternalName", "externalName": "a..b"}}
    made.set(("shop", "elsewhere"), odd, [])
    answer = exchange(made, dns.message.make_query("elsewhere.shop.svc.cluster.local.", "A"))
    assert answer.rcode() == dns.rcode.SERVFAIL
    assert "elsewhere" in caplog.text


def test_a_response_is_never_answered(zone: MakeZone) -> None:
    response = dns.message.make_response(dns.message.make_query(WEB, "A"))
    assert respond(zone(), response.to_wire()) is None


def test_questions_are_answered_over_udp_and_tcp(zone: MakeZone) -> None:
    query = dns.message.make_query(WEB, "A")

    async def both() -> list[Message]:
        datagrams, streams = (socket.socket(type=kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM))
        for one in (datagrams, streams):
            one.setblocking(False)
            one.bind(("127.0.0.1", 0))
        made = zone()
        async with server.udp(made, datagrams), server.tcp(made, streams):
            ports = datagrams.getsockname()[1], streams.getsockname()[1]
            asking = zip((dns.query.udp, dns.query.tcp), ports, strict=True)
            return [await asyncio.to_thread(how, query, "127.0.0.1", 5, port) for how, port in asking]

    answers = asyncio.run(both())
    assert [str(answer.answer[0][0]) for answer in answers] == ["10.96.0.50", "10.96.0.50"]
