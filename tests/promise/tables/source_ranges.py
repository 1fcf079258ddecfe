"""Source ranges: which clients they admit, and where."""

from svcproof.promise.world import Policy
from tests.promise.scene import (
    BALANCER,
    web,
    world,
)
from tests.promise.table import Table

LOCAL = web(external_policy=Policy.LOCAL)
ENTRIES = {BALANCER: frozenset({"node-a"}), "198.51.100.10": frozenset({"node-a", "node-b"})}


def ranged(*ranges: str, **fields: object) -> object:
    """The Service with these source ranges."""
    return web(source_ranges=ranges, **fields)


TABLES = (
    Table(
        "source ranges with the client outside admit it",
        world("a1 b1", services=[ranged("10.0.0.0/24")]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        pod b   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        host a  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        host c  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "source ranges without the client outside shut it out at the load balancer's address, and may at the external IP",
        world("a1 b1", services=[ranged("203.0.113.0/24")]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        pod b   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        host a  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        host c  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | never        | open a1* b1*
        """,
    ),
    Table(
        "source ranges admit by any of them",
        world("a1 b1", services=[ranged("203.0.113.0/24", " 10.0.0.101/32 ")]),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | open a1* b1* | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "source ranges of pods",
        world("a1 b1", services=[ranged("10.244.1.0/24")]),
        """
                | balancer     | node port b
        pod a   | always a1 b1 | always a1 b1
        pod b   | open a1* b1* | always a1 b1
        host a  | open a1* b1* | always a1 b1
        outside | never        | always a1 b1
        """,
    ),
    Table(
        "source ranges with bits beyond their length",
        world("a1 b1", services=[ranged("10.0.0.77/24")]),
        """
                | balancer
        pod a   | open a1* b1*
        host b  | always a1 b1
        outside | always a1 b1
        """,
    ),
    Table(
        "source ranges of the other family may hold or not",
        world("a1 b1", services=[ranged("fd00::/16")]),
        """
                | balancer     | external ip
        pod a   | open a1* b1* | always a1 b1
        host b  | open a1* b1* | always a1 b1
        outside | open a1* b1* | always a1 b1
        """,
    ),
    Table(
        "source ranges of a Service of another type say nothing",
        world("a1 b1", services=[ranged("203.0.113.0/24", type="NodePort", external_ips=(BALANCER,), ingress=())]),
        """
                | balancer     | node port b
        pod a   | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1
        outside | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "clients in and out of the source ranges, and of no known address, may be admitted or not",
        world("a1 b1", services=[ranged("10.0.0.0/24", external_policy=Policy.LOCAL)], entries=ENTRIES),
        """
                 | balancer  | node port b
        outside  | always a1 | always b1
        roamer   | open a1*  | always b1
        nameless | open a1*  | always b1
        """,
    ),
)
