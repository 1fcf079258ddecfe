"""Clients that reach a ClusterIP, and the endpoints that answer there."""

from svcproof import MUST, PROXY, Capability, answered, answered_by, answered_within, behaviours, control, eventually

from ..clauses import SERVICE, SERVICE_PROXY
from ..slices import READY, handmade

behaviour = behaviours(by=PROXY, level=MUST, spec=SERVICE_PROXY + "#cluster-ips")


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

    eventually(lambda: hosts[-1].tcp(service.at_cluster_ip(), times=5), answered_by(db.names))


@behaviour(
    because="A ClusterIP must be reachable from all pods and from all nodes, in whichever network its endpoint is.",
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/host-network-endpoint-closed-to-its-node"},
)
def test_cluster_ip_reaches_an_endpoint_in_the_host_network_from_everywhere(
    workbench, nodes, clients, hosts, sweep, host_port
):
    """Pods and processes on every node, also on that of the endpoint, reach a hostNetwork endpoint at a ClusterIP."""
    port = host_port()
    backend = workbench.pods(node=nodes[0].name, host_network=True, tcp=(port,), udp=(), http=())
    with control("all of them reach the endpoint itself"):
        eventually(lambda: sweep([*clients, *hosts], [backend.pods[0].at(port)]), answered)
    service = backend.service(ports=[{"port": 80, "targetPort": port}])

    eventually(lambda: sweep([*clients, *hosts], [service.at_cluster_ip()], times=3), answered_by(backend.names))


@behaviour(
    because="A Service is an object of a namespace, and its selector finds pods of that namespace alone.",
    spec=SERVICE,
    fails_under={
        "proxy/namespaces-ignored",
        "proxy/namespace-and-name-run-together",
        "proxy/slices-of-one-name-mistaken",
    },
)
def test_services_of_one_name_in_two_namespaces_lead_to_endpoints_of_their_own(
    db, workbench, elsewhere, namespace, everywhere
):
    """Of two Services of one name in two namespaces, each leads to the endpoints of its own namespace; so do those \
whose slices have one name, and whose namespaces and names read alike if run together."""
    others = elsewhere.pods()
    own = db.service()
    other = others.service(name=own.name)
    slice_name = workbench.name("slice")
    by_hand = workbench.service(), elsewhere.service()
    for bench, service, pods in ((workbench, by_hand[0], db), (elsewhere, by_hand[1], others)):
        bench.create(handmade(service, slice_name, {pods.pods[0].address: READY}))
    short = others.service(name="web")
    long = db.service(name=f"{elsewhere.namespace.removeprefix(namespace + '-')}-web")

    everywhere(own, other, short, long, *by_hand)


@behaviour(
    because="A Service may map any incoming port, and 65535 is one.",
    spec=SERVICE + "#defining-a-service",
    fails_under={"proxy/high-ports-not-served"},
)
def test_cluster_ip_serves_the_highest_port_number(echo, client):
    """A Service's port may be any up to 65535."""
    service = echo.service(ports=[{"port": 65535, "targetPort": 8080}])

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(echo.names))
