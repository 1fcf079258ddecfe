"""The loopback address of a node, which is for the node itself."""

from svcproof import (
    PROXY,
    SHOULD,
    Capability,
    Feature,
    Protocol,
    Target,
    announced,
    answered,
    behaviour,
    control,
    eventually,
    in_words,
)

LOOPBACK = "127.0.0.1"
ARRIVES = in_words("a datagram arrives", bool)


@behaviour(
    spec="https://www.rfc-editor.org/rfc/rfc1122#section-3.2.1.3",
    level=SHOULD,
    by=PROXY,
    requires={Capability.HOST_NETWORK, Capability.OUTSIDE_CLIENT, Feature.NODE_PORT},
    fails_under={"proxy/loopback-services-reachable-from-lan"},
    because="An address of 127.0.0.0/8 is internal to a host: a datagram for it that comes from outside is discarded.",
)
def test_loopback_of_a_node_is_closed_to_its_neighbours(echo, nodes, hosts, outside, host_port):
    """A client on the link of the nodes does not reach what listens on the loopback address of one, also where there \
are node ports."""
    host, port, beside = hosts[-1], host_port(), host_port()
    service = echo.service(type="NodePort")
    eventually(lambda: outside.tcp(service.at_node(nodes[-1]), times=3), answered)
    with control("the client is on the link of the node"):
        hardware = eventually(lambda: outside.neighbour(host.address), announced)
    for number in (port, beside):
        host.serve(Protocol.UDP, number)

    try:
        with control("the node itself reaches what listens there"):
            eventually(lambda: host.udp(Target(LOOPBACK, port)), answered)
        own = host.arrived(Protocol.UDP, port)
        for _ in range(3):
            outside.udp_frame(hardware, LOOPBACK, port)
        with control("what is sent later to another port of the node, at its own address, arrives"):
            eventually(lambda: _sent(outside, hardware, host, beside), ARRIVES)
        arrived = host.arrived(Protocol.UDP, port)
    finally:
        for number in (port, beside):
            host.unserve(Protocol.UDP, number)

    assert arrived == own, "the number of datagrams at the port is that of the node's own"


def _sent(client, hardware, host, port):
    """The number of datagrams that have arrived at a port of a host, after one more was sent there."""
    client.udp_frame(hardware, host.address, port)
    return host.arrived(Protocol.UDP, port)
