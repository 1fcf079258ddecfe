"""What a cluster or a proxy is too old for: nothing is promised of it, but what holds anyway."""

from svcproof.promise.world import Ingress
from tests.promise.scene import BALANCER, claiming, web, world
from tests.promise.table import Table
from tests.promise.tables.openness import HINTED, LOCAL

MODES = world(
    "a1", services=[web(ingress=(Ingress(address=BALANCER, vip=False),))], entries={BALANCER: frozenset[str]()}
)

TABLES = (
    Table(
        "internalTrafficPolicy before 1.26",
        claiming(world("a1 b1", services=[LOCAL]), release=25),
        """
                | cluster ip            | node port b  | node port c
        pod a   | always a1 b1*         | open a1* b1* | open a1* b1*
        pod c   | open a1* b1*, dropped | open a1* b1* | open a1* b1*, dropped
        outside | open a1* b1*          | always b1    | never, dropped
        """,
    ),
    Table(
        "internalTrafficPolicy from 1.26 on",
        claiming(world("a1 b1", services=[LOCAL]), release=26),
        """
                | cluster ip     | node port b  | node port c
        pod a   | always a1      | open a1* b1* | open a1* b1*
        pod c   | never, dropped | open a1* b1* | open a1* b1*, dropped
        outside | open a1* b1*   | always b1    | never, dropped
        """,
    ),
    Table(
        "the last resort before 1.28",
        claiming(world("a1-draining b1-unready"), release=27),
        """
                | cluster ip        | node port b
        pod a   | open a1*, refused | open a1*, refused
        pod c   | open a1*, refused | open a1*, refused
        outside | open a1*          | open a1*, refused
        """,
    ),
    Table(
        "the last resort from 1.28 on",
        claiming(world("a1-draining b1-unready"), release=28),
        """
                | cluster ip | node port b
        pod a   | always a1  | always a1
        pod c   | always a1  | always a1
        outside | open a1*   | always a1
        """,
    ),
    Table(
        "ipMode before 1.32",
        claiming(MODES, release=31),
        """
                | balancer
        pod a   | open a1*
        pod c   | open a1*
        outside | open a1*
        """,
    ),
    Table(
        "ipMode from 1.32 on",
        claiming(MODES, release=32),
        """
                | balancer
        pod a   | never
        pod c   | never
        outside | never
        """,
    ),
    Table(
        "hints before 1.33",
        claiming(HINTED, release=32),
        """
                | cluster ip        | node port c
        pod a   | always a1 b1* c1* | always a1* b1* c1*
        pod c   | always a1* b1* c1 | always a1* b1* c1
        outside | open a1* b1* c1*  | always a1* b1* c1
        """,
    ),
    Table(
        "hints for nodes before 1.35",
        claiming(HINTED, release=34),
        """
                | cluster ip          | node port c
        pod a   | always (c1) a1 b1*  | always a1* b1* c1*
        pod c   | always (a1) (b1) c1 | always (a1) (b1) c1
        outside | open a1* b1* c1*    | always (a1) (b1) c1
        """,
    ),
    Table(
        "hints for nodes from 1.35 on",
        claiming(HINTED, release=35),
        """
                | cluster ip          | node port c
        pod a   | always (b1) (c1) a1 | always (b1) a1* c1*
        pod c   | always (a1) (b1) c1 | always (a1) (b1) c1
        outside | open a1* b1* c1*    | always (a1) (b1) c1
        """,
    ),
    Table(
        "a cluster of no known release may be of any",
        claiming(world("a1 b1", services=[LOCAL]), release=None),
        """
                | cluster ip            | node port b  | node port c
        pod a   | always a1 b1*         | open a1* b1* | open a1* b1*
        pod c   | open a1* b1*, dropped | open a1* b1* | open a1* b1*, dropped
        outside | open a1* b1*          | always b1    | never, dropped
        """,
    ),
)
