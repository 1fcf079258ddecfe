"""Clients that reach a Service, at each of its addresses."""

from svcproof import SHOULD, Capability, Feature, answered, answered_within, control, eventually

from ..clauses import SERVICE, SERVICE_API, SERVICE_PROXY
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

LISTENS = "Every node listens on the port and forwards to a ready endpoint, whoever connects to its address there."
EXTERNAL_IP_WITHIN = {
    "spec": SERVICE_PROXY + "#external-ips",
    "level": SHOULD,
    "because": "SIG Network's notes for proxies let pods and nodes connect to a Service by its externalIPs.",
    "otherwise": "A proxy that serves them to nobody within the cluster, so that no Service can "
    "take over an address there.",
    "requires": {Feature.EXTERNAL_IPS_FROM_INSIDE},
    "fails_under": {"proxy/external-ips-ignored"},
}
LOAD_BALANCER_WITHIN = {
    "spec": SERVICE_API + "#ServiceSpec",
    "because": "Traffic from within the cluster to a load balancer's address is led to any endpoint of the Service.",
    "fails_under": {"proxy/load-balancer-ips-ignored"},
}


@behaviour_at(
    CLUSTER_IP(
        "cluster_ip_reaches_a_backend_from_a_pod",
        "A pod that connects to a Service's ClusterIP and port is answered by one of its ready endpoints.",
        spec=SERVICE + "#type-clusterip",
        because="A ClusterIP makes the Service reachable from within the cluster, at its port.",
        fails_under={"proxy/service-port-used-as-target"},
    ),
    CLUSTER_IP.using(askers="clients")(
        "cluster_ip_reaches_a_backend_from_pods_on_every_node",
        "Pods on every node, with an endpoint or without, reach a ClusterIP.",
        requires={Capability.TWO_NODES},
        fails_under={"proxy/itp-cluster-as-local", "proxy/created-service-not-served"},
    ),
    NODE_PORT(
        "node_port_answers_on_every_node_from_outside",
        "A client outside reaches a Service's node port at every node's address, with or without an endpoint there.",
        fails_under={"proxy/nodeport-closed-where-no-endpoint-is", "proxy/nodeport-closed-on-some-nodes"},
    ),
    NODE_PORT.using(askers="client")(
        "node_port_answers_on_every_node_from_a_pod",
        "A pod reaches a Service's node port at the address of its own node and of every other.",
        because=LISTENS,
        requires={Capability.TWO_NODES},
        fails_under={"proxy/nodeport-pod-client-no-snat"},
    ),
    EXTERNAL_IP(
        "external_ip_reaches_a_backend_from_outside",
        "Traffic from outside that enters the cluster with the externalIP as its destination reaches an endpoint.",
        fails_under={"proxy/external-ips-ignored"},
    ),
    EXTERNAL_IP.using(askers="clients")(
        "external_ip_reaches_a_backend_from_pods_on_every_node",
        "A pod that connects to a Service's externalIP and port is answered by one of its endpoints.",
        **{**EXTERNAL_IP_WITHIN, "fails_under": {"proxy/external-ips-ignored", "proxy/external-ip-closed-to-pods"}},
    ),
    LOAD_BALANCER(
        "load_balancer_address_reaches_a_backend_from_outside",
        "A client outside that connects to a Service's load balancer address and port is answered by an endpoint.",
        fails_under={"proxy/load-balancer-ips-ignored"},
    ),
    LOAD_BALANCER.using(askers="clients")(
        "load_balancer_address_reaches_a_backend_from_pods_on_every_node",
        "A pod on any node reaches a Service at its load balancer address.",
        kep=1860,
        **{**LOAD_BALANCER_WITHIN, "fails_under": {"proxy/load-balancer-ips-ignored", "proxy/lb-ip-closed-to-pods"}},
    ),
)
def check_reach(door, echo):
    """A client is answered by an endpoint at each address that the Service has at this door."""
    targets = door.targets(door.service(echo))

    eventually(lambda: door.ask(*targets, times=6), answered_within(echo.names))


@behaviour_at(
    CLUSTER_IP.using(askers="hosts")(
        "cluster_ip_reaches_a_backend_from_every_node",
        "Processes in the host network of every node reach a ClusterIP.",
        fails_under={"proxy/host-client-cannot-reach-clusterip"},
    ),
    NODE_PORT.using(askers="hosts")(
        "node_port_answers_on_every_node_from_a_node",
        "A process in a node's host network reaches a node port at its own node's address and at every other's.",
        because=LISTENS,
        fails_under={"proxy/nodeport-dead-from-host"},
    ),
    EXTERNAL_IP.using(askers="hosts")(
        "external_ip_reaches_a_backend_from_every_node",
        "A process in a node's host network reaches a Service at its externalIP.",
        **{**EXTERNAL_IP_WITHIN, "fails_under": {"proxy/external-ips-ignored", "proxy/external-ip-closed-to-nodes"}},
    ),
    LOAD_BALANCER.using(askers="hosts")(
        "load_balancer_address_reaches_a_backend_from_every_node",
        "A process in the host network of any node reaches a Service at its load balancer address.",
        kep=1860,
        **{**LOAD_BALANCER_WITHIN, "fails_under": {"proxy/load-balancer-ips-ignored", "proxy/lb-ip-closed-to-nodes"}},
    ),
)
def check_reach_from_nodes(door, echo):
    """A process on any node is answered by an endpoint, where the nodes reach the endpoints themselves."""
    targets = door.targets(door.service(echo))
    with control("the nodes reach the endpoints themselves"):
        eventually(lambda: door.ask(*(pod.at(8080) for pod in echo.pods)), answered)

    eventually(lambda: door.ask(*targets, times=6), answered_within(echo.names))
