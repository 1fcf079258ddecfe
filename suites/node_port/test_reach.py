"""Who reaches a node port, on which nodes."""

from svcproof import MAY, MUST, PROXY, Capability, Feature, answered, answered_by, behaviours, control, eventually

from ..clauses import EVENLY, SERVICE, SERVICE_API, TOLD_OTHERWISE, VIRTUAL_IPS

NODE_PORT = SERVICE + "#type-nodeport"
LISTENS = "Every node listens on the port and forwards to a ready endpoint, whoever connects to its address there."
CONTACT = (
    "From outside the cluster the Service is reached by connecting to any node, at this port and over its protocol."
)
TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
behaviour = behaviours(by=PROXY, level=MUST, spec=NODE_PORT, requires={Feature.NODE_PORT})


@behaviour(because=CONTACT, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/nodeport-closed-on-some-nodes"})
def test_node_port_answers_on_every_node_from_outside(echo, nodes, outside):
    """A client outside reaches a Service's node port at every node's address, with or without an endpoint there."""
    service = echo.service(type="NodePort")

    targets = [service.at_node(node) for node in nodes]
    seen = eventually(lambda: outside.probe(targets, times=3), answered)

    assert {one.target.address for one in seen} == {node.addresses[0] for node in nodes}


@behaviour(because=LISTENS, requires={Capability.TWO_NODES}, fails_under={"proxy/nodeport-pod-client-no-snat"})
def test_node_port_answers_on_every_node_from_a_pod(echo, nodes, client):
    """A pod reaches a Service's node port at the address of its own node and of every other."""
    service = echo.service(type="NodePort")

    targets = [service.at_node(node) for node in nodes]
    seen = eventually(lambda: client.probe(targets, times=6), answered)

    assert {one.target.address for one in seen} == {node.addresses[0] for node in nodes}


@behaviour(because=LISTENS, requires={Capability.HOST_NETWORK}, fails_under={"proxy/nodeport-dead-from-host"})
def test_node_port_answers_on_every_node_from_a_node(echo, nodes, hosts):
    """A process in a node's host network reaches a node port at its own node's address and at every other's."""
    service = echo.service(type="NodePort")

    targets = [service.at_node(node) for node in nodes]
    seen = eventually(lambda: hosts[0].probe(targets, times=6), answered)

    assert {one.target.address for one in seen} == {node.addresses[0] for node in nodes}


@behaviour(
    because=EVENLY,
    otherwise=TOLD_OTHERWISE,
    spec=SERVICE_API + "#ServiceSpec",
    requires={Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/only-first-endpoint-used"},
)
def test_node_port_spreads_connections_over_all_endpoints(echo, nodes, outside):
    """New connections to one node's port reach, in time, every ready endpoint in the cluster."""
    service = echo.service(type="NodePort")

    seen = eventually(lambda: outside.tcp(service.at_node(nodes[-1]), times=TRIES), answered_by(echo.names))

    assert seen.backends == echo.names


@behaviour(because=CONTACT, requires={Capability.OUTSIDE_CLIENT}, fails_under={"proxy/service-port-used-as-target"})
def test_node_port_serves_udp(echo, nodes, outside):
    """A datagram to a UDP Service's node port is answered from the address and port it was sent to."""
    service = echo.service(type="NodePort", ports=[{"port": 53, "targetPort": 5353, "protocol": "UDP"}])

    targets = [service.at_node(node) for node in nodes]
    seen = eventually(lambda: outside.probe(targets, times=3), answered)

    assert seen.ports == {5353}


@behaviour(
    because="A Service of type NodePort has a ClusterIP too, set up as for one of type ClusterIP.",
    fails_under={"proxy/nodeport-service-lacks-cluster-ip"},
)
def test_node_port_service_also_has_a_cluster_ip(echo, client):
    """A Service of type NodePort is also reached at its ClusterIP."""
    service = echo.service(type="NodePort")

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.backends <= echo.names


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
    seen = eventually(lambda: outside.probe(targets, times=3), answered)

    assert seen.backends == backend.names


@behaviour(spec=VIRTUAL_IPS, level=MAY, requires={Capability.HOST_NETWORK}, fails_under={"proxy/nodeport-on-loopback"})
def test_node_port_on_loopback(echo, hosts, record):
    """Whether a node port answers on 127.0.0.1 of a node."""
    service = echo.service(type="NodePort")
    port = service.spec["ports"][0]["nodePort"]
    with control("the node port works"):
        eventually(lambda: hosts[0].tcp(service.at_cluster_ip().at(hosts[0].address, port)), answered)

    seen = hosts[0].tcp(service.at_cluster_ip().at("127.0.0.1", port), times=3)

    record("/".join(sorted(seen.outcomes)))
