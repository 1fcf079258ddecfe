"""internalTrafficPolicy at ClusterIPs, and what it leaves alone."""

from svcproof import (
    MUST,
    PROXY,
    Capability,
    Feature,
    Protocol,
    answered,
    answered_by,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE_API, TRAFFIC_POLICY, VIRTUAL_IPS

INTERNAL_POLICY = VIRTUAL_IPS + "#internal-traffic-policy"
OWN_NODE_ONLY = "Under policy Local a node hands what it receives at the ClusterIP to its own endpoints alone."
AS_IF_NONE = (
    "For pods on a node that has no endpoint of it, a Service of policy Local behaves as if it had none at all."
)
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(
    by=PROXY, level=MUST, spec=TRAFFIC_POLICY, requires={Capability.TWO_NODES}, kep=2086, since="1.26"
)


@behaviour(because=OWN_NODE_ONLY, requires={Feature.INTERNAL_TRAFFIC_POLICY}, fails_under={"proxy/itp-local-ignored"})
def test_internal_local_policy_uses_all_endpoints_of_the_node_alone(echo, nodes, client):
    """With internalTrafficPolicy Local a pod reaches every endpoint on its own node, and no other."""
    service = echo.service(internalTrafficPolicy="Local")
    local = echo.on(nodes[0].name)

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(local))


@behaviour(
    because=OWN_NODE_ONLY,
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.HOST_NETWORK, Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/itp-local-ignored-for-nodes", "proxy/itp-local-ignored"},
)
def test_internal_local_policy_holds_for_clients_in_the_host_network(echo, nodes, hosts):
    """With internalTrafficPolicy Local a process in a node's host network reaches endpoints on that node alone."""
    plain = echo.service().at_cluster_ip()
    with control("nodes are served at ClusterIPs"):
        eventually(lambda: hosts[0].tcp(plain), answered)
    service = echo.service(internalTrafficPolicy="Local")
    local = echo.on(nodes[0].name)

    eventually(lambda: hosts[0].tcp(service.at_cluster_ip(), times=TRIES), answered_by(local))


@behaviour(
    because=AS_IF_NONE,
    otherwise=(
        "One that refuses instead of dropping, or accepts a connection in user space and ends it without a word: "
        "no endpoint is asked."
    ),
    requires={Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/itp-local-ignored", "proxy/itp-local-falls-back-to-remote"},
)
def test_internal_local_policy_is_silent_on_a_node_without_endpoint(db, client, far_client):
    """When internalTrafficPolicy becomes Local, no pod on a node without endpoint of a Service gets to an endpoint."""
    service, endpoint = db.service(), db.pods[0].vantage
    target = service.at_cluster_ip()
    eventually(lambda: client.tcp(target) + far_client.tcp(target), answered)

    service.patch(internalTrafficPolicy="Local")
    eventually(lambda: far_client.tcp(target, times=3, timeout=0.5), silent)
    before = endpoint.arrived(Protocol.TCP, 8080)
    far_client.tcp(target, times=3, timeout=0.5)
    arrived = endpoint.arrived(Protocol.TCP, 8080) - before
    seen = client.tcp(target, times=3)

    assert arrived == 0, "the number of connections that arrive at the endpoint is 0"
    assert seen.all_answered


@behaviour(because=AS_IF_NONE, requires={Feature.INTERNAL_TRAFFIC_POLICY}, fails_under={"proxy/itp-local-ignored"})
def test_internal_local_policy_holds_for_udp(db, client, far_client):
    """With internalTrafficPolicy Local, datagrams of pods on nodes without an endpoint are not answered."""
    service = db.service(ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])
    target = service.at_cluster_ip()
    eventually(lambda: client.udp(target) + far_client.udp(target), answered)

    service.patch(internalTrafficPolicy="Local")
    eventually(lambda: far_client.udp(target, times=3, timeout=0.5), silent)
    seen = client.udp(target, times=3)

    assert seen.all_answered


@behaviour(
    because="Under policy Cluster traffic from within the cluster goes to all ready endpoints.",
    spec=INTERNAL_POLICY,
    requires={Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/itp-flip-ignored"},
)
def test_internal_cluster_policy_set_on_a_live_service_opens_every_node(db, client, far_client):
    """When internalTrafficPolicy becomes Cluster, pods on nodes without an endpoint reach those of others."""
    service = db.service(internalTrafficPolicy="Local")
    target = service.at_cluster_ip()
    eventually(lambda: client.tcp(target), answered)

    service.patch(internalTrafficPolicy="Cluster")
    eventually(lambda: far_client.tcp(target, times=3, timeout=0.5), answered_by(db.names))


@behaviour(
    because="The internal policy is about what nodes receive at the ClusterIP, which a node port is not.",
    spec=INTERNAL_POLICY,
    requires={Capability.OUTSIDE_CLIENT, Feature.INTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT},
    fails_under={"proxy/itp-local-limits-node-ports"},
)
def test_internal_local_policy_leaves_node_ports_alone(db, nodes, outside):
    """With internalTrafficPolicy Local, a node port still leads to endpoints on other nodes."""
    service = db.service(type="NodePort", internalTrafficPolicy="Local")

    eventually(lambda: outside.tcp(service.at_node(nodes[-1]), times=3), answered_by(db.names))


@behaviour(
    because="The external policy is about node ports, external IPs and load balancer addresses alone.",
    spec=SERVICE_API + "#ServiceSpec",
    requires={Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT},
    fails_under={"proxy/etp-local-removes-clusterip"},
    kep=None,
    since="",
)
def test_external_local_policy_leaves_the_cluster_ip_alone(db, nodes, far_client):
    """With externalTrafficPolicy Local, a ClusterIP still leads to endpoints on other nodes."""
    service = db.service(type="NodePort", externalTrafficPolicy="Local")

    eventually(lambda: far_client.tcp(service.at_cluster_ip(), times=3), answered_by(db.names))
