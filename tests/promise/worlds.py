"""Worlds in the small cluster of `scene`: drawn by Hypothesis, which shrinks them, or at random, which is faster.

Both draw by `choose`, which picks one of several things; the plainest comes first.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from svcproof.model.probe import Protocol, Target
from svcproof.promise.expectation import Client
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Endpoint, Ingress, Policy, Port, Service, Slice, SlicePort, World
from tests.promise.scene import CLAIMS, CLIENTS, LISTENERS, NODES, pod_address

Choose = Callable[[Sequence[Any]], Any]

NAMES = ("web", "shop", "mail")
PODS = tuple(f"{letter}{number}" for letter in "abc" for number in (1, 2))
PORTS = (
    Port(name="http", protocol=Protocol.TCP, port=80),
    Port(name="http", protocol=Protocol.UDP, port=80),
    Port(name="more", protocol=Protocol.TCP, port=81),
)
SHARED_BALANCER, SHARED_EXTERNAL = "192.0.2.99", "198.51.100.99"
CONDITIONS = (
    (True, True, False),
    (False, False, False),
    (False, True, True),
    (False, False, True),
    (True, True, True),
    (False, True, False),
    (True, False, False),
    (True, False, True),
)
"""Ready, serving, terminating: every combination, those that controllers make first."""
HINTS: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (frozenset(zones), frozenset(nodes))
    for zones, nodes in [
        ((), ()),
        (("east",), ()),
        (("west",), ()),
        (("east", "west"), ()),
        (("east",), ("node-a",)),
        (("east",), ("node-b",)),
        (("west",), ("node-c",)),
        ((), ("node-a",)),
    ]
)


def rarely(choose: Choose) -> bool:
    """True once in six times."""
    return bool(choose((0, 0, 0, 0, 0, 1)))


def some(choose: Choose, items: Sequence[Any], most: int) -> list[Any]:
    """Some of the items, each once at most."""
    number = choose(range(min(most, len(items)) + 1))
    left = list(items)
    return [left.pop(choose(range(len(left)))) for _ in range(number)]


def service(choose: Choose, name: str, odd: bool) -> Service:
    """A Service; an odd one may be headless, labelled, or share its addresses."""
    place = NAMES.index(name) + 1
    kind = choose(("ClusterIP", "NodePort", "LoadBalancer", "LoadBalancer"))
    node_port = 0 if kind == "ClusterIP" else 30000 + 100 * place
    ports = some(choose, PORTS, 3) or [PORTS[0]]
    is_odd = odd and rarely(choose)
    headless = is_odd and choose((False, True))
    ingress = [Ingress(address=f"192.0.2.{place}")]
    external = [f"198.51.100.{place}"] if choose((False, True)) else []
    if is_odd and choose((False, True)):
        ingress.append(Ingress(address=SHARED_BALANCER, vip=choose((True, False))))
        external.append(SHARED_EXTERNAL)
    return Service(
        namespace="shop",
        name=name,
        type="ClusterIP" if headless else kind,
        labels={choose((OTHER_PROXY, HEADLESS)): ""} if is_odd and choose((False, True)) else {},
        ports=tuple(
            Port(name=port.name, protocol=port.protocol, port=port.port, node_port=node_port and node_port + port.port)
            for port in ports
        ),
        cluster_ips=("None",) if headless else (f"10.96.0.{place}", f"fd00:96::{place}"),
        external_ips=tuple(external),
        ingress=tuple(ingress) if kind == "LoadBalancer" else (),
        source_ranges=choose((("10.244.0.0/16",), ("10.0.0.101/32",))) if rarely(choose) else (),
        internal_policy=choose(tuple(Policy)),
        external_policy=choose(tuple(Policy)),
        affinity_seconds=600 if rarely(choose) else 0,
    )


def endpoint(choose: Choose, name: str, version: int, odd: bool) -> Endpoint:
    """An endpoint at a pod, with any conditions; an odd one may have no node."""
    ready, serving, terminating = choose(CONDITIONS)
    zones, nodes = choose(HINTS)
    return Endpoint(
        addresses=(pod_address(name, version),),
        ready=ready,
        serving=serving,
        terminating=terminating,
        node="" if odd and rarely(choose) else f"node-{name[0]}",
        zones=zones,
        nodes=nodes,
    )


def endpoint_slice(choose: Choose, owner: str, place: int, odd: bool) -> Slice:
    """An EndpointSlice; an odd one may be labelled, lack a port or its number, or be of the other family."""
    version = choose((4, 4, 4, 6))
    is_odd = odd and rarely(choose)
    lacking = choose(PORTS) if is_odd else None
    numbers = (8080, 8081, 0) if is_odd else (8080, 8081)
    return Slice(
        namespace="shop",
        name=f"{owner}-{place}",
        service=owner,
        address_type=f"IPv{version}",
        labels={HEADLESS: ""} if is_odd and choose((False, True)) else {},
        ports=tuple(
            SlicePort(name=port.name, protocol=port.protocol, port=choose(numbers)) for port in PORTS if port != lacking
        ),
        endpoints=tuple(endpoint(choose, name, version, odd) for name in some(choose, PODS, 4)),
    )


def world(choose: Choose, odd: bool = True, most: int = 3) -> World:
    """A world of one to three Services, with none to three slices each."""
    names = NAMES[: choose(range(1, most + 1))]
    return World(
        nodes=NODES,
        services=tuple(service(choose, name, odd) for name in names),
        slices=tuple(
            endpoint_slice(choose, name, place, odd) for name in names for place in range(choose((1, 1, 0, 2, 2, 3)))
        ),
        listeners=LISTENERS,
        claims=CLAIMS,
    )


@st.composite
def worlds(draw: Any, odd: bool = True, most: int = 3) -> World:
    """Worlds that Hypothesis draws and shrinks."""
    return world(lambda items: draw(st.sampled_from(items)), odd, most)


def random_worlds(seed: int, number: int) -> list[World]:
    """So many worlds at random, always the same of one seed."""
    return [world(Random(f"{seed}/{place}").choice) for place in range(number)]


def targets_of(scene: World) -> tuple[Target, ...]:
    """Every door of the world's Services, and next to each address a port that is no door."""
    found: dict[Target, None] = {}
    for owner in scene.services:
        addresses = [
            *(address for address in owner.cluster_ips if address != "None"),
            *owner.external_ips,
            *(ingress.address for ingress in owner.ingress),
        ]
        for port in owner.ports:
            for address in addresses:
                found |= dict.fromkeys(Target(address, number, port.protocol) for number in (port.port, 79))
            for node in NODES if port.node_port else ():
                found |= dict.fromkeys(Target(address, port.node_port, port.protocol) for address in node.addresses)
    return tuple(found) or (Target("10.96.0.1", 80),)


def cells(scene: World) -> list[tuple[Client, Target]]:
    """Every client at every target."""
    return [(client, target) for client in CLIENTS.values() for target in targets_of(scene)]
