"""Hints: endpoints that a node prefers. node-a and node-b are in zone east, node-c is in west."""

from dataclasses import replace

from svcproof.promise.world import Policy, World
from tests.promise.scene import NODES, endpoints, slices, web, world
from tests.promise.table import Table

SOME = ["pod a", "host b", "pod c"]
ENTRIES = {"192.0.2.10": frozenset({"node-c"})}
EAST, WEST, BOTH, NONE = frozenset({"east"}), frozenset({"west"}), frozenset({"east", "west"}), frozenset[str]()
LOCAL = web(internal_policy=Policy.LOCAL)


def hinted(**hints: tuple[frozenset[str], frozenset[str]]) -> World:
    """A world of endpoints with hints: for zones, and for nodes."""
    return hinted_of([(name.replace("_", "-"), *of) for name, of in hints.items()])


def hinted_of(hints: list[tuple[str, frozenset[str], frozenset[str]]]) -> World:
    """The same, of a list."""
    ends = tuple(replace(endpoints(name)[0], zones=zones, nodes=nodes) for name, zones, nodes in hints)
    return world(slices=slices("", endpoints=ends), entries=ENTRIES)


def node(name: str) -> frozenset[str]:
    """A hint for one node."""
    return frozenset({name})


TABLES = (
    Table(
        "endpoints hinted for a zone are preferred by its nodes",
        hinted(a1=(EAST, NONE), b1=(EAST, NONE), c1=(WEST, NONE)),
        """
                | cluster ip          | node port a        | node port b        | node port c         | balancer            | external ip
        pod a   | always (c1) a1 b1   | always (c1) a1 b1  | always (c1) a1 b1  | always a1* b1* c1*  | always (c1) a1 b1   | always (c1) a1 b1
        host b  | always (c1) a1 b1   | always (c1) a1 b1  | always (c1) a1 b1  | always a1* b1* c1*  | always (c1) a1 b1   | always (c1) a1 b1
        pod c   | always (a1) (b1) c1 | always a1* b1* c1* | always a1* b1* c1* | always (a1) (b1) c1 | always (a1) (b1) c1 | always (a1) (b1) c1
        outside | open a1* b1* c1*    | always (c1) a1 b1  | always (c1) a1 b1  | always (a1) (b1) c1 | always (a1) (b1) c1 | always a1* b1* c1*
        """,
    ),
    Table(
        "an endpoint may be hinted for several zones",
        hinted(a1=(EAST, NONE), c1=(BOTH, NONE)),
        """
               | cluster ip     | node port a   | node port b   | node port c    | balancer       | external ip
        pod a  | always a1 c1   | always a1 c1  | always a1 c1  | always a1* c1  | always a1 c1   | always a1 c1
        host b | always a1 c1   | always a1 c1  | always a1 c1  | always a1* c1  | always a1 c1   | always a1 c1
        pod c  | always (a1) c1 | always a1* c1 | always a1* c1 | always (a1) c1 | always (a1) c1 | always (a1) c1
        """,
    ),
    Table(
        "a ready endpoint without a hint makes all be used alike",
        hinted(a1=(EAST, NONE), b1=(NONE, NONE), c1=(WEST, NONE)),
        """
               | cluster ip      | node port a     | node port b     | node port c     | balancer        | external ip
        pod a  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        host b | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        pod c  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        """,
    ),
    Table(
        "a zone that no endpoint is hinted for uses all alike",
        hinted(a1=(EAST, NONE), b1=(EAST, NONE)),
        """
               | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        host b | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        pod c  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "a node in no zone uses all alike",
        replace(hinted(a1=(EAST, NONE), c1=(WEST, NONE)), nodes=(replace(NODES[0], zone=""), *NODES[1:])),
        """
               | cluster ip     | node port a   | node port b    | node port c    | balancer       | external ip
        pod a  | always a1 c1   | always a1 c1  | always a1 c1*  | always a1* c1  | always a1 c1   | always a1 c1
        host b | always (c1) a1 | always a1 c1* | always (c1) a1 | always a1* c1* | always (c1) a1 | always (c1) a1
        pod c  | always (a1) c1 | always a1* c1 | always a1* c1* | always (a1) c1 | always (a1) c1 | always (a1) c1
        """,
    ),
    Table(
        "hints for nodes come before hints for zones",
        hinted(a1=(EAST, node("node-a")), b1=(EAST, node("node-b")), c1=(WEST, node("node-c"))),
        """
               | cluster ip          | node port a         | node port b         | node port c         | balancer            | external ip
        pod a  | always (b1) (c1) a1 | always (b1) (c1) a1 | always (c1) a1* b1* | always (b1) a1* c1* | always (b1) (c1) a1 | always (b1) (c1) a1
        host b | always (a1) (c1) b1 | always (c1) a1* b1* | always (a1) (c1) b1 | always (a1) b1* c1* | always (a1) (c1) b1 | always (a1) (c1) b1
        pod c  | always (a1) (b1) c1 | always (b1) a1* c1* | always (a1) b1* c1* | always (a1) (b1) c1 | always (a1) (b1) c1 | always (a1) (b1) c1
        """,
    ),
    Table(
        "a node that no endpoint is hinted for goes by zones",
        hinted(a1=(EAST, node("node-a")), a2=(WEST, node("node-a"))),
        """
               | cluster ip     | node port a   | node port b    | node port c    | balancer       | external ip
        pod a  | always a1 a2   | always a1 a2  | always a1 a2*  | always a1* a2  | always a1 a2   | always a1 a2
        host b | always (a2) a1 | always a1 a2* | always (a2) a1 | always a1* a2* | always (a2) a1 | always (a2) a1
        pod c  | always (a1) a2 | always a1* a2 | always a1* a2* | always (a1) a2 | always (a1) a2 | always (a1) a2
        """,
    ),
    Table(
        "a node that no endpoint is hinted for, nor its zone, uses all alike",
        hinted(a1=(EAST, node("node-a")), a2=(EAST, node("node-b"))),
        """
               | cluster ip     | node port a    | node port b    | node port c   | balancer       | external ip
        pod a  | always (a2) a1 | always (a2) a1 | always a1* a2* | always a1 a2* | always (a2) a1 | always (a2) a1
        host b | always (a1) a2 | always a1* a2* | always (a1) a2 | always a1* a2 | always (a1) a2 | always (a1) a2
        pod c  | always a1 a2   | always a1 a2*  | always a1* a2  | always a1 a2  | always a1 a2   | always a1 a2
        """,
    ),
    Table(
        "a ready endpoint without a hint for a node makes hints for nodes be ignored",
        hinted(a1=(EAST, node("node-a")), b1=(EAST, NONE), c1=(WEST, node("node-c"))),
        """
               | cluster ip          | node port a        | node port b        | node port c         | balancer            | external ip
        pod a  | always (c1) a1 b1   | always (c1) a1 b1  | always (c1) a1 b1  | always a1* b1* c1*  | always (c1) a1 b1   | always (c1) a1 b1
        host b | always (c1) a1 b1   | always (c1) a1 b1  | always (c1) a1 b1  | always a1* b1* c1*  | always (c1) a1 b1   | always (c1) a1 b1
        pod c  | always (a1) (b1) c1 | always a1* b1* c1* | always a1* b1* c1* | always (a1) (b1) c1 | always (a1) (b1) c1 | always (a1) (b1) c1
        """,
    ),
    Table(
        "hints for nodes alone are followed without any for zones",
        hinted(a1=(NONE, node("node-a")), b1=(NONE, node("node-b"))),
        """
               | cluster ip     | node port a    | node port b    | node port c   | balancer       | external ip
        pod a  | always (b1) a1 | always (b1) a1 | always a1* b1* | always a1 b1* | always (b1) a1 | always (b1) a1
        host b | always (a1) b1 | always a1* b1* | always (a1) b1 | always a1* b1 | always (a1) b1 | always (a1) b1
        pod c  | always a1 b1   | always a1 b1*  | always a1* b1  | always a1 b1  | always a1 b1   | always a1 b1
        """,
    ),
    Table(
        "an endpoint that is not ready may need a hint for a zone",
        hinted_of([("a1", EAST, NONE), ("c1", WEST, NONE), ("b1-unready", NONE, NONE)]),
        """
               | cluster ip    | node port a    | node port b    | node port c    | balancer      | external ip
        pod a  | always a1 c1* | always a1 c1*  | always a1 c1*  | always a1* c1* | always a1 c1* | always a1 c1*
        host b | always a1 c1* | always a1 c1*  | always a1 c1*  | always a1* c1* | always a1 c1* | always a1 c1*
        pod c  | always a1* c1 | always a1* c1* | always a1* c1* | always a1* c1  | always a1* c1 | always a1* c1
        """,
    ),
    Table(
        "an endpoint that is not ready may need a hint for a node",
        hinted_of([("a1", NONE, node("node-a")), ("c1", NONE, node("node-c")), ("b1-gone", NONE, NONE)]),
        """
               | cluster ip    | node port a    | node port b   | node port c    | balancer      | external ip
        pod a  | always a1 c1* | always a1 c1*  | always a1 c1* | always a1* c1* | always a1 c1* | always a1 c1*
        host b | always a1 c1  | always a1 c1*  | always a1 c1  | always a1* c1  | always a1 c1  | always a1 c1
        pod c  | always a1* c1 | always a1* c1* | always a1* c1 | always a1* c1  | always a1* c1 | always a1* c1
        """,
    ),
    Table(
        "an endpoint that is not ready and has a hint changes nothing",
        hinted_of([("a1", EAST, NONE), ("c1", WEST, NONE), ("b1-unready", EAST, NONE)]),
        """
               | cluster ip     | node port a    | node port b    | node port c    | balancer       | external ip
        pod a  | always (c1) a1 | always (c1) a1 | always (c1) a1 | always a1* c1* | always (c1) a1 | always (c1) a1
        host b | always (c1) a1 | always (c1) a1 | always (c1) a1 | always a1* c1* | always (c1) a1 | always (c1) a1
        pod c  | always (a1) c1 | always a1* c1* | always a1* c1* | always (a1) c1 | always (a1) c1 | always (a1) c1
        """,
    ),
    Table(
        "hints do not keep a node with policy Local from its own endpoints",
        replace(hinted(a1=(WEST, NONE), a2=(EAST, NONE), c1=(WEST, NONE)), services=(LOCAL,)),
        """
               | cluster ip     | node port a         | balancer
        pod a  | always a1 a2   | always (a1) (c1) a2 | always (a1) (c1) a2
        host b | never, dropped | always (a1) (c1) a2 | always (a1) (c1) a2
        pod c  | always c1      | always a1* a2* c1*  | always (a2) a1 c1
        """,
    ),
    Table(
        "hints of endpoints that are terminating do not matter",
        hinted_of([("a1-draining", EAST, NONE), ("c1-draining", WEST, NONE)]),
        """
               | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a  | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1
        host b | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1
        pod c  | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1 | always a1 c1
        """,
    ),
    Table(
        "an external IP that is a node's address is decided on where the client is",
        replace(hinted(a1=(EAST, NONE), c1=(WEST, NONE)), services=(web(external_ips=("10.0.0.1",)),)),
        """
                | 10.0.0.1 80    | node port a
        pod a   | always (c1) a1 | always (c1) a1
        host b  | always (c1) a1 | always (c1) a1
        pod c   | always (a1) c1 | always a1* c1*
        outside | always (c1) a1 | always (c1) a1
        """,
    ),
)
