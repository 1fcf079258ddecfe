"""externalTrafficPolicy at node ports."""

from svcproof import (
    MAY,
    MUST,
    PROXY,
    Capability,
    Feature,
    answered,
    answered_by,
    answered_within,
    behaviours,
    consistently,
    control,
    eventually,
    from_sources,
)

from ..clauses import VIRTUAL_IPS

EXTERNAL_POLICY = VIRTUAL_IPS + "#external-traffic-policy"
OWN_NODE_ONLY = (
    "Under policy Local traffic from outside goes to the ready endpoints of the node that it reaches, and no other."
)
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(
    by=PROXY, level=MUST, spec=EXTERNAL_POLICY, requires={Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT}
)


@behaviour(
    because=OWN_NODE_ONLY,
    requires={Capability.OUTSIDE_CLIENT, Capability.TWO_NODES},
    fails_under={
        "proxy/etp-local-ignored-everywhere",
        "proxy/etp-local-nodeport-all-endpoints",
        "proxy/only-first-endpoint-used",
    },
)
def test_node_port_with_local_policy_uses_all_endpoints_of_its_node_alone(echo, nodes, outside):
    """With externalTrafficPolicy Local a node port leads to every endpoint on its node, and to no other."""
    service = echo.service(type="NodePort", externalTrafficPolicy="Local")
    local = echo.on(nodes[0].name)

    eventually(lambda: outside.tcp(service.at_node(nodes[0]), times=TRIES), answered_by(local))


@behaviour(
    because="Under policy Cluster traffic from outside goes to all ready endpoints, whichever node it reaches.",
    requires={Capability.OUTSIDE_CLIENT, Capability.TWO_NODES},
    fails_under={"proxy/nodeport-closed-where-no-endpoint-is", "proxy/etp-cluster-as-local"},
)
def test_cluster_policy_leads_from_a_node_without_endpoint_to_others(db, nodes, outside):
    """With externalTrafficPolicy Cluster a node port leads to an endpoint on another node."""
    service = db.service(type="NodePort", externalTrafficPolicy="Cluster")

    eventually(lambda: outside.tcp(service.at_node(nodes[-1]), times=3), answered_by(db.names))


@behaviour(
    because="Under policy Local traffic goes to ready endpoints of the node, in whichever network they are.",
    requires={Capability.HOST_NETWORK, Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/nodeport-hostnetwork-backend-unreachable"},
)
def test_local_policy_counts_endpoints_in_the_host_network(workbench, nodes, outside, host_port):
    """With externalTrafficPolicy Local a node's own hostNetwork endpoint is used, and sees the client's address."""
    port = host_port()
    backend = workbench.pods(node=nodes[-1].name, host_network=True, tcp=(port,), udp=(), http=())
    ports = [{"port": 80, "targetPort": port}]
    service = backend.service(type="NodePort", externalTrafficPolicy="Local", ports=ports)
    with control("the pod listens"):
        eventually(lambda: outside.tcp(backend.pods[0].at(port)), answered)

    eventually(lambda: outside.tcp(service.at_node(nodes[-1]), times=3), from_sources({outside.address}))


@behaviour(
    because="Under policy Local a node that has terminating endpoints only forwards to these.",
    spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    requires={Capability.OUTSIDE_CLIENT, Feature.TERMINATING_ENDPOINTS},
    fails_under={"proxy/no-local-fallback-to-terminating"},
    kep=1669,
    since="1.28",
)
def test_local_policy_uses_terminating_endpoints_where_no_other_is_on_the_node(workbench, nodes, outside):
    """Under policy Local a node whose endpoints are all terminating goes on leading to those that still serve."""
    backend = workbench.pods(node=nodes[0].name, linger=True, grace=30)
    service = backend.service(type="NodePort", externalTrafficPolicy="Local")
    target = service.at_node(nodes[0])
    eventually(lambda: outside.tcp(target, times=3), answered)

    backend.pods[0].delete()
    workbench.await_endpoints(service, 0)
    consistently(lambda: outside.tcp(target, times=3), answered_within(backend.names), lasting=2.5)


@behaviour(level=MAY, requires={Capability.TWO_NODES}, fails_under={"proxy/etp-local-nodeport-incluster-dropped"})
def test_local_policy_for_pods_at_the_node_port_of_their_own_node(db, nodes, client, far_client, record):
    """A pod reaches its own node's port, or not, when that node has no endpoint and externalTrafficPolicy is Local."""
    service = db.service(type="NodePort", externalTrafficPolicy="Local")
    with control("a pod on the endpoint's node reaches that node's port"):
        eventually(lambda: client.tcp(service.at_node(nodes[0])), answered)
    with control("the Service is known on the other node"):
        eventually(lambda: far_client.tcp(service.at_cluster_ip()), answered)

    seen = far_client.tcp(service.at_node(nodes[-1]), times=3, timeout=0.5)

    record("/".join(sorted(seen.outcomes)))


@behaviour(
    because=OWN_NODE_ONLY.replace("from outside ", ""),
    requires={Capability.TWO_NODES},
    fails_under={"proxy/etp-local-nodeport-deaf-to-pods-elsewhere"},
)
def test_local_policy_lets_pods_of_every_node_reach_one_that_has_an_endpoint(db, nodes, clients, sweep):
    """With externalTrafficPolicy Local, pods on every node reach the endpoints of a node at that node's port."""
    service = db.service(type="NodePort", externalTrafficPolicy="Local")

    eventually(lambda: sweep(clients, [service.at_node(nodes[0])], times=3), answered_by(db.names))
