"""Clients that choose their own port, at each of a Service's addresses."""

from itertools import chain, cycle

from svcproof import Seen, answered, eventually

from ..clauses import SERVICE_API
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

RANGES = (range(1100, 29000, 997), range(30000, 32768, 61), range(61000, 65536, 61))
"""Ports from which a client may send, none that its kernel would choose; the second range is that of node ports."""
BOTH = [
    {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    {"name": "datagram", "port": 80, "targetPort": 8080, "protocol": "UDP"},
]


@behaviour_at(
    CLUSTER_IP("cluster_ip_answers_clients_of_any_port", "A ClusterIP answers clients whatever port they send from."),
    NODE_PORT("node_port_answers_clients_of_any_port", "A node port answers clients whatever port they send from."),
    EXTERNAL_IP(
        "external_ip_answers_clients_of_any_port", "An externalIP answers clients whatever port they send from."
    ),
    LOAD_BALANCER(
        "load_balancer_address_answers_clients_of_any_port",
        "A load balancer's address answers clients whatever port they send from.",
    ),
    spec=SERVICE_API + "#ServiceSpec",
    because="A Service names the address and port that it is asked at; of the client's own port nothing is said.",
    fails_under={"proxy/clients-of-low-ports-dropped"},
)
def check_client_ports(door, echo):
    """Connections and datagrams from several ports are answered."""
    service = door.service(echo, ports=BOTH)
    stream, datagram = door.target(service, "stream"), door.target(service, "datagram")
    eventually(lambda: door.ask(stream, datagram, times=3), answered)

    numbers = [cycle(each) for each in RANGES]  # A port that was used a moment ago may not be free yet.

    def ask():
        chosen = [next(each) for each in numbers]
        answers = [
            (door.asker.tcp(stream, source_port=number), door.asker.udp(datagram, source_port=number))
            for number in chosen
        ]
        return sum(chain.from_iterable(answers), start=Seen(()))

    eventually(ask, answered)
