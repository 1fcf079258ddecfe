"""Node ports beside the common topics: host network, loopback, and the ClusterIP that goes with them."""

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
    control,
    eventually,
)

from ..clauses import SERVICE, VIRTUAL_IPS

NODE_PORT = SERVICE + "#type-nodeport"
CONTACT = (
    "From outside the cluster the Service is reached by connecting to any node, at this port and over its protocol."
)
behaviour = behaviours(by=PROXY, level=MUST, spec=NODE_PORT, requires={Feature.NODE_PORT})


@behaviour(
    because="A Service of type NodePort has a ClusterIP too, set up as for one of type ClusterIP.",
    fails_under={"proxy/nodeport-service-lacks-cluster-ip"},
)
def test_node_port_service_also_has_a_cluster_ip(echo, client):
    """A Service of type NodePort is also reached at its ClusterIP."""
    service = echo.service(type="NodePort")

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered_within(echo.names))


@behaviour(
    because=CONTACT,
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/nodeport-hostnetwork-backend-unreachable"},
)
def test_node_port_reaches_an_endpoint_in_the_host_network(workbench, nodes, outside, host_port):
    """A client outside reaches, through a node port, an endpoint that is a hostNetwork pod."""
    port = host_port()
    backend = workbench.pods(node=nodes[0].name, host_network=True, tcp=(port,), udp=(), http=())
    service = backend.service(type="NodePort", ports=[{"port": 80, "targetPort": port}])
    with control("the pod listens"):
        eventually(lambda: outside.tcp(backend.pods[0].at(port)), answered)

    targets = [service.at_node(node) for node in nodes]
    eventually(lambda: outside.probe(targets, times=3), answered_by(backend.names))


@behaviour(spec=VIRTUAL_IPS, level=MAY, requires={Capability.HOST_NETWORK}, fails_under={"proxy/nodeport-on-loopback"})
def test_node_port_on_loopback(echo, hosts, record):
    """A node port answers on 127.0.0.1 of a node, or does not."""
    service = echo.service(type="NodePort")
    port = service.spec["ports"][0]["nodePort"]
    with control("the node port works"):
        eventually(lambda: hosts[0].tcp(service.at_cluster_ip().at(hosts[0].address, port)), answered)

    seen = hosts[0].tcp(service.at_cluster_ip().at("127.0.0.1", port), times=3)

    record("/".join(sorted(seen.outcomes)))


@behaviour(
    because="Each node proxies the node port of each Service into that Service, however many there are.",
    fails_under={"proxy/every-second-node-port-closed-on-some-nodes"},
)
def test_node_ports_made_in_a_burst_are_open_on_every_node(echo, everywhere):
    """Of many Services made at once, each is reached by everybody at its node port of each node."""
    services = [echo.service(wait=False, type="NodePort") for _ in range(8)]
    for service in services:
        echo.workbench.await_endpoints(service, len(echo.pods))

    everywhere(*services)
