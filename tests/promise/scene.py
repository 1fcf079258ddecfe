"""A small cluster for tables: three nodes, pods with short names, and words for expectations.

Pods are called by their node and a number: `a1` is the first pod of node-a, 10.244.1.1. Endpoints are written as those
names, each with the word for its conditions: `a1 b1-draining c1-unready`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from svcproof.model.probe import Protocol, Target
from svcproof.model.release import Release
from svcproof.model.vocabulary import Feature
from svcproof.promise import expect
from svcproof.promise.expectation import Aspect, Backend, Client, Expectation, Where
from svcproof.promise.world import Claims, Endpoint, Ingress, Listener, Node, Port, Service, Slice, SlicePort, World

EVERYTHING = frozenset(Feature) - {Feature.EXTERNAL_IPS_OFF}
CLAIMS = Claims(features=EVERYTHING, kube_proxy=True, release=Release(37))
NODES = tuple(
    Node(
        name=f"node-{letter}",
        zone=zone,
        addresses=(f"10.0.0.{place}", f"fd00::{place}"),
        pod_ranges=(f"10.244.{place}.0/24", f"fd00:244:{place}::/64"),
    )
    for place, (letter, zone) in enumerate([("a", "east"), ("b", "east"), ("c", "west")], 1)
)
CLUSTER_IP, SECOND_IP, BALANCER, EXTERNAL, UNUSED = (
    "10.96.0.10",
    "fd00:96::10",
    "192.0.2.10",
    "198.51.100.10",
    "10.96.0.99",
)
NODE_PORT = 30080
TARGETS = {
    "cluster ip": Target(CLUSTER_IP, 80),
    "node port a": Target("10.0.0.1", NODE_PORT),
    "node port b": Target("10.0.0.2", NODE_PORT),
    "node port c": Target("10.0.0.3", NODE_PORT),
    "balancer": Target(BALANCER, 80),
    "external ip": Target(EXTERNAL, 80),
}
CONDITIONS = {
    "": {},
    "unready": {"ready": False, "serving": False},
    "draining": {"ready": False, "terminating": True},
    "gone": {"ready": False, "serving": False, "terminating": True},
    "published": {"terminating": True},
    "odd": {"ready": False},
    "idle": {"serving": False},
    "leaving": {"serving": False, "terminating": True},
}
"""Each combination of ready, serving and terminating has a word."""


def pod_address(name: str, version: int = 4) -> str:
    """The address of a pod: a1 is 10.244.1.1."""
    node, number = "abc".index(name[0]) + 1, name[1:]
    return f"10.244.{node}.{number}" if version == 4 else f"fd00:244:{node}::{number}"


LISTENERS = tuple(
    Listener(
        name=f"{letter}{number}",
        node=f"node-{letter}",
        address=pod_address(f"{letter}{number}", version),
        ports=frozenset((protocol, port) for protocol in (Protocol.TCP, Protocol.UDP) for port in (8080, 8081)),
    )
    for letter in "abc"
    for number in range(1, 5)
    for version in (4, 6)
)
NAMES = {listener.address: listener.name for listener in LISTENERS}
POD = {
    letter: Client(
        name=f"pod-{letter}",
        where=Where.POD,
        node=f"node-{letter}",
        addresses=(f"10.244.{n}.200", f"fd00:244:{n}::200"),
    )
    for n, letter in enumerate("abc", 1)
}
HOST = {
    node.name[-1]: Client(name=f"host-{node.name[-1]}", where=Where.HOST, node=node.name, addresses=node.addresses)
    for node in NODES
}
OUTSIDE = Client(name="outside", where=Where.OUTSIDE, addresses=("10.0.0.101", "fd00::101"))
CLIENTS = {
    **{f"pod {letter}": client for letter, client in POD.items()},
    **{f"host {letter}": client for letter, client in HOST.items()},
    "outside": OUTSIDE,
}


OTHERS = {
    "roamer": Client(name="roamer", where=Where.OUTSIDE, addresses=("10.0.0.102", "203.0.113.9")),
    "nameless": Client(name="nameless", where=Where.OUTSIDE),
    "new pod": Client(name="new", where=Where.POD, node="node-a"),
}
"""Clients of addresses in two ranges, and of none that is known."""


def web(**fields: Any) -> Service:
    """The Service of the tables: of every kind of door at once."""
    usual: dict[str, Any] = {
        "namespace": "shop",
        "name": "web",
        "type": "LoadBalancer",
        "ports": (Port(port=80, node_port=NODE_PORT),),
        "cluster_ips": (CLUSTER_IP,),
        "external_ips": (EXTERNAL,),
        "ingress": (Ingress(address=BALANCER),),
    }
    return Service(**usual | fields)


def endpoints(text: str, version: int = 4) -> tuple[Endpoint, ...]:
    """The endpoints that a text names, with their conditions."""
    return tuple(_endpoint(word, version) for word in text.split())


def _endpoint(word: str, version: int) -> Endpoint:
    name, _, conditions = word.partition("-")
    return Endpoint(addresses=(pod_address(name, version),), node=f"node-{name[0]}", **CONDITIONS[conditions])


def slices(text: str, **fields: Any) -> tuple[Slice, ...]:
    """One EndpointSlice of `web`, with the endpoints that the text names."""
    usual: dict[str, Any] = {
        "namespace": "shop",
        "name": "web-1",
        "service": "web",
        "ports": (SlicePort(port=8080),),
        "endpoints": endpoints(text),
    }
    return (Slice(**usual | fields),)


def world(text: str = "a1 b1", *, services: Iterable[Service] | None = None, **fields: Any) -> World:
    """A world with `web` and the endpoints that the text names."""
    usual: dict[str, Any] = {
        "nodes": NODES,
        "services": tuple(services) if services is not None else (web(),),
        "slices": slices(text),
        "listeners": LISTENERS,
        "claims": CLAIMS,
    }
    return World(**usual | fields)


def claiming(scene: World, *, without: Iterable[Feature] = (), release: int | None = 37) -> World:
    """The same world, under a proxy that does not claim these features, in a cluster of this release."""
    features = EVERYTHING - frozenset(without)
    return replace(scene, claims=Claims(features=features, release=Release(release) if release else None))


def asked(scene: World, client: str | Client, target: str | Target) -> Expectation:
    """The expectation of a client at a target, both called by their names in the tables."""
    asks = (CLIENTS | OTHERS)[client] if isinstance(client, str) else client
    return expect(scene, asks, TARGETS[target] if isinstance(target, str) else target)


def said(scene: World, client: str | Client, target: str | Target) -> str:
    """The expectation in words: how often answered, by whom, and what silence looks like."""
    return words(asked(scene, client, target))


def words(expected: Expectation) -> str:
    """`always a1 b1* (c1)`: a star is behind who need not answer, parentheses are around who should not.


    `never, refused` and `never`, where silence may be of any kind.
    """
    if expected.may is None:
        return f"{expected.answered} anybody"
    names = sorted(_named(expected, backend) for backend in expected.may)
    silence = " or ".join(sorted(expected.silence))
    return " ".join([expected.answered, *names]) + (f", {silence}" if silence else "")


def _named(expected: Expectation, backend: Backend) -> str:
    address, port = backend
    name = NAMES.get(address, address) + (f":{port}" if port != 8080 else "")
    if expected.should is not None and backend not in expected.should:
        return f"({name})"
    return name if backend in expected.must else f"{name}*"


def source(scene: World, client: str, target: str | Target) -> str:
    """The addresses that backends may see: `any`, or those addresses and ranges, and who may see any all the same."""
    expected = asked(scene, client, target)
    if expected.sources is None:
        return "any"
    others = sorted(NAMES.get(address, address) for address, _ in expected.any_source)
    return " ".join(sorted(expected.sources)) + (f", any {' '.join(others)}" if others else "")


def sticky(scene: World, client: str, target: str | Target) -> str:
    """The seconds of stickiness."""
    return str(asked(scene, client, target).sticky_seconds)


def rule(aspect: Aspect) -> Callable[[World, str, str | Target], str]:
    """Make the function that names the rule of an aspect, and its level."""

    def named(scene: World, client: str, target: str | Target) -> str:
        decided = asked(scene, client, target).rules.get(aspect)
        return f"{decided.name} {decided.level}" if decided else "none"

    return named
