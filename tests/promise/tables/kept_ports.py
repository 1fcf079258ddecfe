"""Clients that send from a UDP port that they have used before: their endpoint may stay, as long as it serves."""

from typing import Any

from svcproof.model.probe import Protocol, Target
from svcproof.model.vocabulary import Feature
from svcproof.promise.kept_ports import expect_from_kept_port
from svcproof.promise.world import Policy, Port, SlicePort, World
from tests.promise.scene import CLIENTS, NODE_PORT, claiming, slices, web, words, world
from tests.promise.table import Table


def kept(scene: World, client: str, target: str | Target) -> str:
    """The expectation of a client that keeps its port, in words."""
    assert isinstance(target, Target)
    return words(expect_from_kept_port(scene, CLIENTS[client], target))


def datagrams(text: str, **fields: Any) -> World:
    """A world in which `web` is served over UDP."""
    port = Port(port=80, node_port=NODE_PORT, protocol=Protocol.UDP)
    served = slices(text, ports=(SlicePort(port=8080, protocol=Protocol.UDP),))
    return world(services=[web(ports=(port,), **fields)], slices=served)


TABLES = (
    Table(
        "a UDP port that was used before may keep an endpoint that serves, and none that has left",
        datagrams("a1 b1-draining c1-gone b2-unready"),
        """
                | 10.96.0.10 80/udp | 10.0.0.2 30080/udp
        pod a   | always a1* b1*    | always a1* b1*
        host b  | always a1* b1*    | always a1* b1*
        outside | open anybody      | always a1* b1*
        """,
        kept,
    ),
    Table(
        "a UDP port that was used before may keep an endpoint of another node under policy Local",
        datagrams("a1 b1", internal_policy=Policy.LOCAL),
        """
                | 10.96.0.10 80/udp | 10.0.0.2 30080/udp
        pod a   | always a1* b1*    | always a1* b1*
        pod c   | open anybody      | always a1* b1*
        """,
        kept,
    ),
    Table(
        "nothing is promised to a UDP port that was used before where nobody need answer a new one",
        datagrams("c1-gone"),
        """
                | 10.96.0.10 80/udp | 10.0.0.2 30080/udp
        pod a   | open anybody      | open anybody
        """,
        kept,
    ),
    Table(
        "nothing is promised to a UDP port that was used before at a proxy that does not claim to move flows on",
        claiming(datagrams("a1 b2-unready"), without=[Feature.UDP_FLOWS]),
        """
                | 10.96.0.10 80/udp | 10.0.0.2 30080/udp
        pod a   | open anybody      | open anybody
        """,
        kept,
    ),
)
