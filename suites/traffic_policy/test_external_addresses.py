"""externalTrafficPolicy at load balancer addresses and externalIPs."""

from svcproof import MUST, PROXY, Capability, Feature, answered, answered_by, behaviours, control, eventually

from ..clauses import SERVICE_API

POLICY = SERVICE_API + "#ServiceSpec"
SEMANTICS_OF_CLUSTER = (
    "Traffic from within the cluster to an external or load balancer address always gets policy Cluster."
)
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(by=PROXY, level=MUST, spec=POLICY, requires={Feature.EXTERNAL_TRAFFIC_POLICY})


@behaviour(
    because=SEMANTICS_OF_CLUSTER,
    requires={Capability.LOAD_BALANCER, Capability.TWO_NODES, Feature.LOAD_BALANCER},
    fails_under={"proxy/etp-local-lbip-from-pod-dropped"},
)
def test_local_policy_lets_pods_reach_all_endpoints_by_the_load_balancer_address(echo, far_client):
    """With externalTrafficPolicy Local a pod on any node reaches, by the load balancer's address, every endpoint."""
    plain = echo.service(type="LoadBalancer").at_load_balancer()
    with control("pods are served at load balancer addresses"):
        eventually(lambda: far_client.tcp(plain), answered)
    target = echo.service(type="LoadBalancer", externalTrafficPolicy="Local").at_load_balancer()

    eventually(lambda: far_client.tcp(target, times=TRIES, timeout=0.5), answered_by(echo.names))


@behaviour(
    because=SEMANTICS_OF_CLUSTER,
    requires={Capability.HOST_NETWORK, Capability.LOAD_BALANCER, Capability.TWO_NODES, Feature.LOAD_BALANCER},
    fails_under={"proxy/etp-local-lbip-from-pod-dropped"},
)
def test_local_policy_lets_nodes_reach_other_endpoints_by_the_load_balancer_address(db, nodes, hosts):
    """With externalTrafficPolicy Local a node without endpoint reaches others' by the load balancer's address."""
    plain = db.service(type="LoadBalancer").at_load_balancer()
    with control("nodes are served at load balancer addresses"):
        eventually(lambda: hosts[-1].tcp(plain), answered)
    target = db.service(type="LoadBalancer", externalTrafficPolicy="Local").at_load_balancer()

    eventually(lambda: hosts[-1].tcp(target, times=3, timeout=0.5), answered_by(db.names))


@behaviour(
    because=SEMANTICS_OF_CLUSTER,
    requires={
        Capability.EXTERNAL_ADDRESSES,
        Capability.TWO_NODES,
        Feature.EXTERNAL_IPS,
        Feature.EXTERNAL_IPS_FROM_INSIDE,
    },
    fails_under={"proxy/etp-local-lbip-from-pod-dropped"},
    kep=5707,
)
def test_local_policy_lets_pods_reach_other_endpoints_by_an_external_ip(db, nodes, far_client, external_address):
    """With externalTrafficPolicy Local a pod on a node without endpoint reaches those of others by an externalIP."""
    plain = db.service(externalIPs=[external_address()])
    with control("pods are served at external IPs"):
        eventually(lambda: far_client.tcp(plain.at_address(plain.spec["externalIPs"][0])), answered)
    service = db.service(externalIPs=[external_address()], externalTrafficPolicy="Local")
    target = service.at_address(service.spec["externalIPs"][0])

    eventually(lambda: far_client.tcp(target, times=3, timeout=0.5), answered_by(db.names))
