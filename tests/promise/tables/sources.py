"""Source addresses that depend on who the backend is, or on whether the client's address is known."""

from svcproof.model.probe import Protocol
from svcproof.promise.world import Endpoint, Listener
from tests.promise.scene import LISTENERS, endpoints, slices, source, world
from tests.promise.table import Table

HTTP = frozenset({(Protocol.TCP, 8080)})
ON_A_NODE = Listener(name="agent", node="node-b", address="10.0.0.2", ports=HTTP)
OUT_THERE = Listener(name="laptop", node="", address="203.0.113.7", ports=HTTP)


def backed_by(listener: Listener) -> tuple[Endpoint, ...]:
    """A pod and one of our own who is no pod, as endpoints."""
    return (*endpoints("a1"), Endpoint(addresses=(listener.address,), node=listener.node))


TABLES = (
    Table(
        "one of our own in a host network may see any address",
        world(slices=slices("", endpoints=backed_by(ON_A_NODE)), listeners=(*LISTENERS, ON_A_NODE)),
        """
               | cluster ip
        pod a  | 10.244.1.200, any 10.0.0.2
        host c | 10.0.0.3 10.244.3.0/24 fd00:244:3::/64 fd00::3, any 10.0.0.2
        """,
        source,
    ),
    Table(
        "one of our own outside the cluster may see any address",
        world(slices=slices("", endpoints=backed_by(OUT_THERE)), listeners=(*LISTENERS, OUT_THERE)),
        """
               | cluster ip
        pod a  | 10.244.1.200, any 203.0.113.7
        host c | 10.0.0.3 10.244.3.0/24 fd00:244:3::/64 fd00::3, any 203.0.113.7
        """,
        source,
    ),
    Table(
        "a pod of no known address may come from any",
        world("a1 b1"),
        """
                | cluster ip | node port b
        new pod | any        | any
        """,
        source,
    ),
)
