"""Many connections to addresses for clients outside, of which none is lost; `cluster_ip` has those to ClusterIPs."""

from svcproof import answered, eventually

from ..cluster_ip.test_many_connections import LOST, MANY, PATIENT, resent
from .door import EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at


@behaviour_at(
    NODE_PORT(
        "node_port_answers_each_of_many_connections",
        "Of several hundred connections from outside to a node port, each is answered at the first attempt.",
        because="A node port of a Service leads each connection to it to one of the endpoints; none is exempt.",
        area="cluster_ip",
    ),
    EXTERNAL_IP(
        "external_ip_answers_each_of_many_connections",
        "Of several hundred connections from outside to an externalIP, each is answered at the first attempt.",
    ),
    LOAD_BALANCER(
        "load_balancer_address_answers_each_of_many_connections",
        "Of several hundred connections to a load balancer's address, each is answered at the first attempt.",
    ),
    fails_under={"proxy/some-connections-lost"},
)
def check_many_connections(door, echo):
    """Each of many connections is answered, all but a few without a segment sent again."""
    target = door.target(door.service(echo))
    eventually(lambda: door.ask(target, times=5), answered)

    seen = door.ask(target, times=MANY, timeout=PATIENT)

    assert seen.all_answered
    assert resent(seen) <= LOST, "few connections need a segment sent again"
