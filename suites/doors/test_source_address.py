"""The address that an endpoint sees its client have, at each of a Service's addresses for clients outside."""

from svcproof import MAY, Feature, answered_within, both, eventually, from_sources

from ..clauses import SERVICE_API, SOURCE_IP, VIRTUAL_IPS
from .door import EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

DATAGRAMS = [{"port": 80, "targetPort": 8080, "protocol": "UDP"}]
NOT_REWRITTEN = {
    "spec": SOURCE_IP + "#source-ip-for-services-with-type-nodeport",
    "because": "Under policy Local the node does not rewrite the source address of traffic from outside.",
}
LOCAL = {
    "area": "traffic_policy",
    "spec": SERVICE_API + "#ServiceSpec",
    "requires": {Feature.EXTERNAL_TRAFFIC_POLICY},
    "because": "Under policy Local a node hands traffic from outside to its own endpoints with the client's address.",
}


def _await_client_address(door, workbench, nodes, **spec):
    """Wait until the endpoints, one on each node, see the client's own address under policy Local."""
    everywhere = {"everywhere": workbench.name("yes")}
    backends = [workbench.pods(node=node.name, labels=everywhere) for node in nodes]
    names = {name for backend in backends for name in backend.names}
    target = door.target(door.service(workbench, selector=everywhere, externalTrafficPolicy="Local", **spec))

    eventually(lambda: door.ask(target, times=5), both(answered_within(names), from_sources({door.asker.address})))


@behaviour_at(
    NODE_PORT(
        "node_port_with_local_policy_keeps_the_client_address",
        "A backend sees the address of a client outside when externalTrafficPolicy is Local.",
        **NOT_REWRITTEN,
        fails_under={"proxy/etp-local-source-masqueraded", "proxy/local-detection-by-hostname"},
    ),
    EXTERNAL_IP(
        "external_ip_with_local_policy_keeps_the_client_address",
        "A backend sees the address of a client outside that asks an externalIP when externalTrafficPolicy is Local.",
        fails_under={"proxy/etp-local-not-applied-to-externalips"},
    ),
    LOAD_BALANCER(
        "load_balancer_address_with_local_policy_keeps_the_client_address",
        "A backend sees the address of a client outside when a LoadBalancer Service's externalTrafficPolicy is Local.",
        fails_under={"proxy/etp-local-source-masqueraded"},
    ),
    **LOCAL,
)
def check_client_address(door, workbench, nodes):
    """Under policy Local endpoints see who connects from outside."""
    _await_client_address(door, workbench, nodes)


@behaviour_at(
    NODE_PORT(
        "node_port_with_local_policy_keeps_the_address_of_udp_clients",
        "A backend sees who sent a datagram from outside when externalTrafficPolicy is Local.",
        **NOT_REWRITTEN,
        fails_under={"proxy/etp-local-source-masqueraded"},
    ),
    EXTERNAL_IP(
        "external_ip_with_local_policy_keeps_the_address_of_udp_clients",
        "A backend sees the address of a client that sends a datagram to an externalIP under policy Local.",
        fails_under={"proxy/etp-local-not-applied-to-externalips"},
    ),
    LOAD_BALANCER(
        "load_balancer_address_with_local_policy_keeps_the_address_of_udp_clients",
        "A backend sees the address of a client that sends a datagram to a load balancer's address under policy Local.",
        fails_under={"proxy/etp-local-ignored-for-lb-udp"},
    ),
    **LOCAL,
)
def check_udp_client_address(door, workbench, nodes):
    """Under policy Local endpoints see who sends datagrams from outside."""
    _await_client_address(door, workbench, nodes, ports=DATAGRAMS)


@behaviour_at(
    NODE_PORT(
        "source_address_at_a_node_port_with_cluster_policy",
        "Whether an endpoint sees a client outside, or a node, when it is reached at its own node's port.",
        area="source_address",
    ),
    EXTERNAL_IP(
        "source_address_at_an_external_ip_with_cluster_policy",
        "Whether an endpoint sees a client outside, or a node, when it is reached at an externalIP.",
    ),
    NODE_PORT.using(askers="client")(
        "source_address_of_a_pod_at_a_node_port",
        "Whether an endpoint sees a pod on its node, or the node, when it is reached at its own node's port.",
        area="source_address",
    ),
    EXTERNAL_IP.using(askers="client")(
        "source_address_of_a_pod_at_an_external_ip",
        "Whether an endpoint sees a pod on its node, or the node, when it is reached at an externalIP.",
        area="source_address",
    ),
    LOAD_BALANCER.using(askers="client")(
        "source_address_of_a_pod_at_a_load_balancer_address",
        "Whether an endpoint sees a pod on its node, or the node, when it is reached at a load balancer's address.",
        area="source_address",
    ),
    spec=VIRTUAL_IPS,
    level=MAY,
    because="",
    fails_under={"proxy/etp-cluster-source-kept"},
)
def check_source_address(door, db, record):
    """Under policy Cluster, the default, a node may put its own address in place of the client's."""
    target = door.target(door.service(db))

    seen = eventually(lambda: door.ask(target, times=5), answered_within(db.names))

    client = "the pod" if door.asker.node else "the client"
    record(client if seen.sources == {door.asker.address} else "a node")
