"""Many connections, of which none is lost, at each of a Service's addresses."""

from svcproof import answered, control, eventually

from ..clauses import VIRTUAL_IPS
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

MANY = 9000
"""What loses one connection in a thousand loses none of so many once in eight thousand runs."""
AT_ONCE = MANY // 6
"""So many are under way at a time: more of them would starve a small machine of themselves."""
ENOUGH = 3
"""Connections lost after which no more are made: what loses one in a thousand has lost so many of some 3,000."""
SENT_AGAIN = MANY // 100
"""SYNs that a busy network may lose of MANY; a proxy that loses one in twenty loses five times as many."""
PATIENT = 5.0
"""Seconds: enough for a busy machine, and for a SYN sent again."""
OUTSIDERS = {"askers": "outsiders"}


def resent(seen):
    """The number of probes that needed a segment sent again: the kernel hides a lost SYN, and only the clock tells."""
    return sum(probe.resent > 0 for probe in seen)


def many(ask):
    """Make MANY connections by a function that makes some: fewer, once too many are lost or sent again."""
    seen = ask(AT_ONCE)
    while len(seen) < MANY and len(seen) - len(seen.answers) < ENOUGH and resent(seen) <= SENT_AGAIN:
        seen += ask(AT_ONCE)
    return seen


def lost_none(seen):
    """True if every connection was answered, and all but a few at the first attempt."""
    return seen.all_answered and resent(seen) <= SENT_AGAIN


@behaviour_at(
    CLUSTER_IP.using(askers="clients")(
        "cluster_ip_answers_each_of_many_connections",
        "Of several thousand connections from pods to a ClusterIP, each is answered.",
        spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
        because=(
            "A client that connects to a Service's virtual IP has its traffic transported to an appropriate "
            "endpoint, whichever connection it is: one whose packets the proxy loses is not."
        ),
    ),
    NODE_PORT.using(**OUTSIDERS)(
        "node_port_answers_each_of_many_connections",
        "Of several thousand connections from outside to a node port, each is answered.",
        because="A node port of a Service leads each connection to it to one of the endpoints; none is exempt.",
        area="cluster_ip",
    ),
    EXTERNAL_IP.using(**OUTSIDERS)(
        "external_ip_answers_each_of_many_connections",
        "Of several thousand connections from outside to an externalIP, each is answered.",
    ),
    LOAD_BALANCER.using(**OUTSIDERS)(
        "load_balancer_address_answers_each_of_many_connections",
        "Of several thousand connections to a load balancer's address, each is answered.",
    ),
    fails_under={"proxy/some-connections-lost", "proxy/one-connection-in-thousand-lost"},
)
def check_many_connections(door, echo, client):
    """Each of many connections is answered, all but a few without a segment sent again.

    A starved machine may lose one: where any was lost there is a second look, and as many connections without the
    Service show what the machine loses by itself.
    """
    target = door.target(door.service(echo))
    eventually(lambda: door.ask(target, times=5), answered)

    def ask(times):
        return door.ask(target, times=times // len(door.askers), timeout=PATIENT)

    def ask_directly(times):
        return client.tcp(echo.pods[0].at(8080), times=times, timeout=PATIENT)

    seen = many(ask)
    if not lost_none(seen):
        with control("as many connections are answered without the Service"):
            assert lost_none(many(ask_directly)), "none is lost"
        seen = many(ask)

    assert seen.all_answered
    assert resent(seen) <= SENT_AGAIN, "few connections need a segment sent again"
