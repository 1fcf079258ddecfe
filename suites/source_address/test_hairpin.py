"""Endpoints that reach themselves through a Service."""

from svcproof import MUST, PROXY, SHOULD, Capability, Feature, answered_by, behaviours, eventually

from ..clauses import DOCS

HAIRPIN = f"{DOCS}/tasks/debug/debug-application/debug-service/#a-pod-fails-to-reach-itself-via-the-service-ip"
FAULTS = {"proxy/hairpin-clusterip-fails"}
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
DATAGRAMS = [{"port": 53, "targetPort": 5353, "protocol": "UDP"}]
behaviour = behaviours(by=PROXY, level=MUST, spec=HAIRPIN)


@behaviour(
    because="A pod that asks its own Service and becomes its own backend is supposed to be answered.",
    fails_under=FAULTS,
)
def test_endpoint_reaches_itself_at_the_cluster_ip(db):
    """A pod that is a Service's only endpoint reaches itself at the ClusterIP."""
    service = db.service()

    eventually(lambda: db.pods[0].vantage.tcp(service.at_cluster_ip(), times=3), answered_by(db.names))


@behaviour(
    because=(
        "A pod that asks its own Service and becomes its own backend is supposed to be answered, whatever the protocol."
    ),
    fails_under=FAULTS,
)
def test_endpoint_reaches_itself_over_udp(db):
    """A pod that is a UDP Service's only endpoint reaches itself at the ClusterIP."""
    service = db.service(ports=DATAGRAMS)

    eventually(lambda: db.pods[0].vantage.udp(service.at_cluster_ip(), times=3), answered_by(db.names))


@behaviour(
    because=(
        "A pod that asks its own Service and becomes its own backend is supposed to be answered, and so "
        "is one that gets another."
    ),
    fails_under=FAULTS,
)
def test_endpoint_reaches_itself_among_others(echo):
    """A pod that is one of several endpoints reaches every one of them at the ClusterIP, itself included."""
    service = echo.service()

    eventually(lambda: echo.pods[0].vantage.tcp(service.at_cluster_ip(), times=TRIES), answered_by(echo.names))


@behaviour(
    level=SHOULD,
    requires={Feature.NODE_PORT},
    fails_under={"proxy/hairpin-at-node-port-fails", "proxy/nodeport-closed-on-some-nodes"},
)
def test_endpoint_reaches_itself_at_a_node_port(db, nodes):
    """A pod that is a Service's only endpoint reaches itself at the node port of every node."""
    service = db.service(type="NodePort")

    targets = [service.at_node(node) for node in nodes]
    eventually(lambda: db.pods[0].vantage.probe(targets, times=3), answered_by(db.names))


@behaviour(level=SHOULD, requires={Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT}, fails_under=FAULTS)
def test_endpoint_reaches_itself_at_a_node_port_with_local_policy(db, nodes):
    """A pod that is a Service's only endpoint reaches itself at its node's port under externalTrafficPolicy Local."""
    service = db.service(type="NodePort", externalTrafficPolicy="Local")

    eventually(lambda: db.pods[0].vantage.tcp(service.at_node(nodes[0]), times=3), answered_by(db.names))


@behaviour(
    level=SHOULD,
    requires={
        Capability.EXTERNAL_ADDRESSES,
        Feature.EXTERNAL_IPS,
        Feature.EXTERNAL_IPS_FROM_INSIDE,
        Feature.EXTERNAL_TRAFFIC_POLICY,
    },
    fails_under={"proxy/hairpin-at-external-ip-fails", *FAULTS},
    kep=5707,
)
def test_endpoint_reaches_itself_at_an_external_ip_with_local_policy(db, external_address):
    """A pod that is a Service's only endpoint reaches itself at an externalIP under externalTrafficPolicy Local."""
    service = db.service(externalIPs=[external_address()], externalTrafficPolicy="Local")
    target = service.at_address(service.spec["externalIPs"][0])

    eventually(lambda: db.pods[0].vantage.tcp(target, times=3), answered_by(db.names))


@behaviour(
    level=SHOULD,
    requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER},
    fails_under={"proxy/hairpin-at-load-balancer-fails"},
)
def test_endpoint_reaches_itself_at_a_load_balancer_address(db):
    """A pod that is a Service's only endpoint reaches itself at the Service's load balancer address."""
    target = db.service(type="LoadBalancer").at_load_balancer()

    eventually(lambda: db.pods[0].vantage.tcp(target, times=3), answered_by(db.names))
