"""Traffic policies: every client at every door."""

from svcproof.promise.world import Policy
from tests.promise.scene import web, world
from tests.promise.table import Table

LOCAL = Policy.LOCAL
INSIDE = web(internal_policy=LOCAL)
OUTSIDE = web(external_policy=LOCAL)
BOTH = web(internal_policy=LOCAL, external_policy=LOCAL)

TABLES = (
    Table(
        "with policy Cluster every door leads everybody to every endpoint",
        world("a1 b1 c1"),
        """
                | cluster ip       | node port a     | node port b     | node port c     | balancer        | external ip
        pod a   | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        pod b   | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        pod c   | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        host a  | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        host b  | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        host c  | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        outside | open a1* b1* c1* | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1 | always a1 b1 c1
        """,
    ),
    Table(
        "internalTrafficPolicy Local narrows the ClusterIP alone",
        world("a1 a2 b1", services=[INSIDE]),
        """
                | cluster ip       | node port a     | node port b     | node port c     | balancer        | external ip
        pod a   | always a1 a2     | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        pod b   | always b1        | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        pod c   | never, dropped   | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        host a  | always a1 a2     | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        host b  | always b1        | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        host c  | never, dropped   | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        outside | open a1* a2* b1* | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1 | always a1 a2 b1
        """,
    ),
    Table(
        "externalTrafficPolicy Local narrows the other doors, and for who is in the cluster only node ports",
        world("a1 a2 b1", services=[OUTSIDE]),
        """
                | cluster ip       | node port a      | node port b       | node port c               | balancer                  | external ip
        pod a   | always a1 a2 b1  | always a1 a2 b1* | open a1* a2* b1*  | open a1* a2* b1*          | always a1 a2 b1           | always a1 a2 b1
        pod b   | always a1 a2 b1  | open a1* a2* b1* | always a1* a2* b1 | open a1* a2* b1*          | always a1 a2 b1           | always a1 a2 b1
        pod c   | always a1 a2 b1  | open a1* a2* b1* | open a1* a2* b1*  | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host a  | always a1 a2 b1  | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host b  | always a1 a2 b1  | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host c  | always a1 a2 b1  | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        outside | open a1* a2* b1* | always a1 a2     | always b1         | never, dropped            | open a1* a2* b1*, dropped | open a1* a2* b1*, dropped
        """,
    ),
    Table(
        "both policies hold each at its own doors",
        world("a1 a2 b1", services=[BOTH]),
        """
                | cluster ip       | node port a      | node port b       | node port c               | balancer                  | external ip
        pod a   | always a1 a2     | always a1 a2 b1* | open a1* a2* b1*  | open a1* a2* b1*          | always a1 a2 b1           | always a1 a2 b1
        pod b   | always b1        | open a1* a2* b1* | always a1* a2* b1 | open a1* a2* b1*          | always a1 a2 b1           | always a1 a2 b1
        pod c   | never, dropped   | open a1* a2* b1* | open a1* a2* b1*  | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host a  | always a1 a2     | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host b  | always b1        | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        host c  | never, dropped   | always a1 a2 b1* | always a1* a2* b1 | open a1* a2* b1*, dropped | always a1 a2 b1           | always a1 a2 b1
        outside | open a1* a2* b1* | always a1 a2     | always b1         | never, dropped            | open a1* a2* b1*, dropped | open a1* a2* b1*, dropped
        """,
    ),
    Table(
        "nobody answers where there is no endpoint",
        world(""),
        """
                | cluster ip     | node port a    | node port b    | node port c    | balancer       | external ip
        pod a   | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        pod b   | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        pod c   | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        host a  | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        host b  | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        host c  | never, refused | never, refused | never, refused | never, refused | never, refused | never, refused
        outside | never          | never, refused | never, refused | never, refused | never, refused | never, refused
        """,
    ),
    Table(
        "a Service with policy Local and no endpoint at all may refuse or drop",
        world("", services=[BOTH]),
        """
                | cluster ip | node port a | node port b | node port c | balancer       | external ip
        pod a   | never      | never       | never       | never       | never, refused | never, refused
        pod b   | never      | never       | never       | never       | never, refused | never, refused
        pod c   | never      | never       | never       | never       | never, refused | never, refused
        host a  | never      | never       | never       | never       | never, refused | never, refused
        host b  | never      | never       | never       | never       | never, refused | never, refused
        host c  | never      | never       | never       | never       | never, refused | never, refused
        outside | never      | never       | never       | never       | never          | never
        """,
    ),
    Table(
        "a pod is answered at the port of another node that has all endpoints, with policy Local",
        world("a1 a2", services=[OUTSIDE]),
        """
                | cluster ip   | node port a  | node port b           | node port c           | balancer              | external ip
        pod a   | always a1 a2 | always a1 a2 | open a1* a2*          | open a1* a2*          | always a1 a2          | always a1 a2
        pod b   | always a1 a2 | always a1 a2 | open a1* a2*, dropped | open a1* a2*          | always a1 a2          | always a1 a2
        pod c   | always a1 a2 | always a1 a2 | open a1* a2*          | open a1* a2*, dropped | always a1 a2          | always a1 a2
        host a  | always a1 a2 | always a1 a2 | open a1* a2*, dropped | open a1* a2*, dropped | always a1 a2          | always a1 a2
        host b  | always a1 a2 | always a1 a2 | open a1* a2*, dropped | open a1* a2*, dropped | always a1 a2          | always a1 a2
        host c  | always a1 a2 | always a1 a2 | open a1* a2*, dropped | open a1* a2*, dropped | always a1 a2          | always a1 a2
        outside | open a1* a2* | always a1 a2 | never, dropped        | never, dropped        | open a1* a2*, dropped | open a1* a2*, dropped
        """,
    ),
    Table(
        "a pod at the port of another node with policy Local, and an endpoint elsewhere that is the last resort",
        world("a1 b1-draining", services=[OUTSIDE]),
        """
                | cluster ip | node port a | node port b    | node port c       | balancer              | external ip
        pod a   | always a1  | always a1   | open a1* b1*   | open a1*          | always a1             | always a1
        pod b   | always a1  | always a1   | always a1* b1* | open a1*          | always a1             | always a1
        pod c   | always a1  | always a1   | open a1* b1*   | open a1*, dropped | always a1             | always a1
        host a  | always a1  | always a1   | always a1* b1* | open a1*, dropped | always a1             | always a1
        host b  | always a1  | always a1   | always a1* b1* | open a1*, dropped | always a1             | always a1
        host c  | always a1  | always a1   | always a1* b1* | open a1*, dropped | always a1             | always a1
        outside | open a1*   | always a1   | always b1      | never, dropped    | open a1* b1*, dropped | open a1* b1*, dropped
        """,
    ),
)
