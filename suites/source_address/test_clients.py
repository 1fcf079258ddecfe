"""The address a backend sees its client have."""

from svcproof import MAY, MUST, PROXY, Capability, Feature, behaviours, eventually, from_sources

from ..clauses import SERVICE_PROXY, SOURCE_IP, VIRTUAL_IPS

NODE_PORT = SOURCE_IP + "#source-ip-for-services-with-type-nodeport"
LOAD_BALANCER = SOURCE_IP + "#source-ip-for-services-with-type-loadbalancer"
MASQUERADED = {"proxy/clusterip-source-masqueraded"}
KEPT = "Where possible, a connection to a Service keeps its source address, so that the client can be known."
UNLESS = (
    "A proxy that does not claim client-address: one that opens connections of its own, or is told to rewrite all, as "
    "by kube-proxy's option masqueradeAll."
)
behaviour = behaviours(by=PROXY, level=MAY, spec=VIRTUAL_IPS)


@behaviour(
    because=KEPT,
    otherwise=UNLESS,
    spec=SERVICE_PROXY + "#snat--masquerading",
    level=MUST,
    requires={Feature.CLIENT_ADDRESS},
    fails_under=MASQUERADED,
)
def test_cluster_ip_keeps_the_address_of_a_pod_on_the_same_node(db, client):
    """A backend sees the address of a pod on its own node that asks a ClusterIP."""
    service = db.service()

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), from_sources({client.address}))


@behaviour(
    because=KEPT,
    otherwise=UNLESS,
    spec=SERVICE_PROXY + "#snat--masquerading",
    level=MUST,
    requires={Capability.TWO_NODES, Feature.CLIENT_ADDRESS},
    fails_under=MASQUERADED,
)
def test_cluster_ip_keeps_the_address_of_a_pod_on_another_node(db, far_client):
    """A backend sees the address of a pod on another node that asks a ClusterIP."""
    service = db.service()

    eventually(lambda: far_client.tcp(service.at_cluster_ip(), times=3), from_sources({far_client.address}))


@behaviour(
    because=KEPT,
    otherwise=UNLESS,
    spec=SERVICE_PROXY + "#snat--masquerading",
    level=MUST,
    requires={Capability.TWO_NODES, Feature.CLIENT_ADDRESS},
    fails_under=MASQUERADED,
)
def test_cluster_ip_keeps_the_address_of_udp_clients(db, far_client):
    """A backend sees the address of a pod that sends a datagram to a ClusterIP."""
    service = db.service(ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    eventually(lambda: far_client.udp(service.at_cluster_ip(), times=3), from_sources({far_client.address}))
