"""Who reaches a ClusterIP, and what answers there."""

from svcproof import MUST, PROXY, Capability, answered, answered_by, behaviours, control, eventually

from ..clauses import EVENLY, SERVICE, SERVICE_API, SERVICE_PROXY, TOLD_OTHERWISE

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(by=PROXY, level=MUST, spec=SERVICE_PROXY + "#cluster-ips")


@behaviour(
    because="A ClusterIP makes the Service reachable from within the cluster, at its port.",
    spec=SERVICE + "#type-clusterip",
    fails_under={"proxy/service-port-used-as-target"},
)
def test_cluster_ip_reaches_a_backend_from_a_pod(echo, client):
    """A pod that connects to a Service's ClusterIP and port is answered by one of its ready endpoints."""
    service = echo.service()

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.backends <= echo.names


@behaviour(
    because="A ClusterIP must be reachable from all pods and from all nodes.",
    requires={Capability.TWO_NODES},
    fails_under={"proxy/itp-cluster-as-local", "proxy/created-service-not-served"},
)
def test_cluster_ip_reaches_a_backend_from_pods_on_every_node(echo, clients, sweep):
    """Pods on every node, with an endpoint or without, reach a ClusterIP."""
    service = echo.service()

    seen = eventually(lambda: sweep(clients, [service.at_cluster_ip()], times=3), answered)

    assert {one.vantage for one in seen} == {vantage.name for vantage in clients}


@behaviour(
    because="A ClusterIP must be reachable from all pods and from all nodes.",
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/host-client-cannot-reach-clusterip"},
)
def test_cluster_ip_reaches_a_backend_from_every_node(echo, hosts, sweep):
    """Processes in the host network of every node reach a ClusterIP."""
    service = echo.service()
    with control("the nodes reach the endpoints themselves"):
        eventually(lambda: sweep(hosts, [pod.at(8080) for pod in echo.pods]), answered)

    seen = eventually(lambda: sweep(hosts, [service.at_cluster_ip()], times=6), answered)

    assert {one.vantage for one in seen} == {vantage.name for vantage in hosts}


@behaviour(
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    spec=SERVICE_API + "#ServiceSpec",
    fails_under={"proxy/only-first-endpoint-used", "proxy/source-hash-without-affinity"},
)
def test_cluster_ip_spreads_connections_over_all_endpoints(echo, client, far_client, sweep):
    """New connections to a ClusterIP reach, in time, every ready endpoint."""
    service = echo.service()

    seen = eventually(
        lambda: sweep([client, far_client], [service.at_cluster_ip()], times=TRIES), answered_by(echo.names)
    )

    assert seen.backends == echo.names


@behaviour(
    because="A ClusterIP must be reachable from all pods and from all nodes.",
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/host-client-cannot-reach-clusterip"},
)
def test_cluster_ip_reaches_a_backend_on_another_node_from_a_node(db, nodes, hosts):
    """A process in the host network of a node reaches a ClusterIP whose only endpoint is on another node."""
    service = db.service()
    with control("the node reaches the endpoint itself"):
        eventually(lambda: hosts[-1].tcp(db.pods[0].at(8080)), answered)

    seen = eventually(lambda: hosts[-1].tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.nodes == {nodes[0].name}


@behaviour(
    because="A Service is an object of a namespace, and its selector finds pods of that namespace alone.",
    spec=SERVICE,
    fails_under={"proxy/namespaces-ignored"},
)
def test_services_of_one_name_in_two_namespaces_lead_to_endpoints_of_their_own(db, elsewhere, client):
    """Of two Services of one name in two namespaces, each leads to the endpoints of its own namespace."""
    others = elsewhere.pods()
    here = db.service()
    there = others.service(name=here.name)

    seen_there = eventually(lambda: client.tcp(there.at_cluster_ip(), times=3), answered_by(others.names))
    seen_here = eventually(lambda: client.tcp(here.at_cluster_ip(), times=3), answered_by(db.names))

    assert (seen_here.backends, seen_there.backends) == (db.names, others.names)


@behaviour(
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    spec=SERVICE_API + "#ServiceSpec",
    fails_under={"proxy/udp-first-endpoint-only"},
)
def test_cluster_ip_spreads_datagrams_over_all_endpoints(echo, client):
    """Datagrams of different sockets to a UDP Service's ClusterIP reach, in time, every ready endpoint."""
    service = echo.service(ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    seen = eventually(lambda: client.udp(service.at_cluster_ip(), times=TRIES), answered_by(echo.names))

    assert seen.backends == echo.names


@behaviour(
    because="A Service may map any incoming port, and 65535 is one.",
    spec=SERVICE + "#defining-a-service",
    fails_under={"proxy/high-ports-not-served"},
)
def test_cluster_ip_serves_the_highest_port_number(echo, client):
    """A Service's port may be any up to 65535."""
    service = echo.service(ports=[{"port": 65535, "targetPort": 8080}])

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    assert seen.backends <= echo.names
