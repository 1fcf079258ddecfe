"""The address a backend sees its client have."""

from svcproof import MAY, MUST, PROXY, Capability, Feature, answered, answered_by, behaviours, eventually

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

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    assert seen.sources == {client.address}


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

    seen = eventually(lambda: far_client.tcp(service.at_cluster_ip(), times=3), answered)

    assert seen.sources == {far_client.address}


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

    seen = eventually(lambda: far_client.udp(service.at_cluster_ip(), times=3), answered)

    assert seen.sources == {far_client.address}


@behaviour(requires={Capability.OUTSIDE_CLIENT, Feature.NODE_PORT}, fails_under={"proxy/etp-cluster-source-kept"})
def test_source_address_at_a_node_port_with_cluster_policy(db, nodes, outside, record):
    """Whether an endpoint sees a client outside, or a node, when it is reached at its own node's port."""
    service = db.service(type="NodePort")

    seen = eventually(lambda: outside.tcp(service.at_node(nodes[0]), times=5), answered)

    record("the client" if seen.sources == {outside.address} else "a node")


@behaviour(requires={Feature.NODE_PORT}, fails_under={"proxy/etp-cluster-source-kept"})
def test_source_address_of_a_pod_at_a_node_port(db, nodes, client, record):
    """Whether an endpoint sees a pod on its node, or the node, when it is reached at its own node's port."""
    service = db.service(type="NodePort")

    seen = eventually(lambda: client.tcp(service.at_node(nodes[0]), times=5), answered)

    record("the pod" if seen.sources == {client.address} else "a node")


@behaviour(requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER}, fails_under={"proxy/etp-cluster-source-kept"})
def test_source_address_of_a_pod_at_a_load_balancer_address(db, client, record):
    """Whether an endpoint sees a pod on its node, or the node, when it is reached at a load balancer's address."""
    target = db.service(type="LoadBalancer").at_load_balancer()

    seen = eventually(lambda: client.tcp(target, times=5), answered_by(db.names))

    record("the pod" if seen.sources == {client.address} else "a node")


@behaviour(
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS}, fails_under={"proxy/etp-cluster-source-kept"}
)
def test_source_address_of_a_pod_at_an_external_ip(db, client, external_address, record):
    """Whether an endpoint sees a pod on its node, or the node, when it is reached at an externalIP."""
    service = db.service(externalIPs=[external_address()])
    target = service.at_address(service.spec["externalIPs"][0])

    seen = eventually(lambda: client.tcp(target, times=5), answered)

    record("the pod" if seen.sources == {client.address} else "a node")
