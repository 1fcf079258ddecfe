"""Conditions of endpoints: ready, serving, terminating, with either policy."""

from svcproof.promise.world import Policy
from tests.promise.scene import web, world
from tests.promise.table import Table

LOCAL = Policy.LOCAL
BOTH = web(internal_policy=LOCAL, external_policy=LOCAL)
SOME = ["pod a", "host b", "pod c", "outside"]

TABLES = (
    Table(
        "of all conditions only ready endpoints take connections while there is one",
        world("a1 a2-draining b1-unready b2-published c1-odd c2-gone"),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        host b  | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        pod c   | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        outside | open a1* b2* | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        """,
    ),
    Table(
        "an endpoint that is ready takes connections though it does not serve",
        world("a1-idle b1-leaving c1-odd c2-draining"),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        pod c   | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "endpoints that are terminating and serve are the last resort",
        world("a1-draining b1-gone c1-odd b2-draining c2-unready"),
        """
                | cluster ip   | node port a  | node port b  | node port c  | balancer     | external ip
        pod a   | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        host b  | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        pod c   | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        outside | open a1* b2* | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2 | always a1 b2
        """,
    ),
    Table(
        "endpoints that neither are ready nor end while they serve take nothing",
        world("a1-gone b1-odd c1-unready"),
        """
                | cluster ip     | node port a    | node port b    | node port c    | balancer       | external ip
        pod a   | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        host b  | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        pod c   | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        outside | never          | never, refused | never, refused | never, refused | never, refused | never, refused
        """,
    ),
    Table(
        "one ready endpoint keeps the terminating ones of other nodes from being used",
        world("a1 b1-draining c1-draining"),
        """
                | cluster ip | node port a | node port b | node port c | balancer  | external ip
        pod a   | always a1  | always a1   | always a1   | always a1   | always a1 | always a1
        host b  | always a1  | always a1   | always a1   | always a1   | always a1 | always a1
        pod c   | always a1  | always a1   | always a1   | always a1   | always a1 | always a1
        outside | open a1*   | always a1   | always a1   | always a1   | always a1 | always a1
        """,
    ),
    Table(
        "with policy Local each node has its own last resort",
        world("a1-draining b1-gone c1 c2-draining", services=[BOTH]),
        """
                | cluster ip     | node port a    | node port b       | node port c | balancer              | external ip
        pod a   | always a1      | always a1* c1* | open c1*          | always c1   | always c1             | always c1
        pod b   | never, dropped | open a1* c1*   | open c1*, dropped | always c1   | always c1             | always c1
        pod c   | always c1      | open a1* c1*   | open c1*          | always c1   | always c1             | always c1
        host a  | always a1      | always a1* c1* | open c1*, dropped | always c1   | always c1             | always c1
        host b  | never, dropped | always a1* c1* | open c1*, dropped | always c1   | always c1             | always c1
        host c  | always c1      | always a1* c1* | open c1*, dropped | always c1   | always c1             | always c1
        outside | open a1* c1*   | always a1      | never, dropped    | always c1   | open a1* c1*, dropped | open a1* c1*, dropped
        """,
    ),
    Table(
        "with policy Local a ready endpoint elsewhere is no reason to leave a node's own",
        world("a1-draining a2-draining b1 c1-unready", services=[BOTH]),
        """
                | cluster ip       | node port a        | node port b | node port c       | balancer                  | external ip
        pod a   | always a1 a2     | always a1* a2* b1* | always b1   | open b1*          | always b1                 | always b1
        pod b   | always b1        | open a1* a2* b1*   | always b1   | open b1*          | always b1                 | always b1
        pod c   | never, dropped   | open a1* a2* b1*   | always b1   | open b1*, dropped | always b1                 | always b1
        host a  | always a1 a2     | always a1* a2* b1* | always b1   | open b1*, dropped | always b1                 | always b1
        host b  | always b1        | always a1* a2* b1* | always b1   | open b1*, dropped | always b1                 | always b1
        host c  | never, dropped   | always a1* a2* b1* | always b1   | open b1*, dropped | always b1                 | always b1
        outside | open a1* a2* b1* | always a1 a2       | always b1   | never, dropped    | open a1* a2* b1*, dropped | open a1* a2* b1*, dropped
        """,
    ),
    Table(
        "with policy Local and endpoints that are unready everywhere, silence may be of either kind",
        world("a1-unready b1-gone c1-odd", services=[BOTH]),
        """
                | cluster ip | node port a | node port b | node port c | balancer       | external ip
        pod a   | never      | never       | never       | never       | never, refused | never, refused
        host b  | never      | never       | never       | never       | never, refused | never, refused
        pod c   | never      | never       | never       | never       | never, refused | never, refused
        outside | never      | never       | never       | never       | never          | never
        """,
    ),
)
