"""The node ports that Services are given."""

from svcproof import CONTROLLERS, MUST, behaviours, refusal

from ..clauses import SERVICE

NODE_PORT = SERVICE + "#type-nodeport"
CHOOSING = SERVICE + "#nodeport-custom-port"
OR_FAILS = "The control plane gives a Service the node port it asks for, or fails the request."
behaviour = behaviours(by=CONTROLLERS, level=MUST, spec=CHOOSING, kep=3668)


@behaviour(
    because="The control plane gives each port of the Service one from the range that the API server was told.",
    spec=NODE_PORT,
    fails_under={"controllers/node-port-out-of-range"},
)
def test_node_port_is_taken_from_the_range_of_the_cluster(echo, cluster):
    """A Service of type NodePort is given, for each of its ports, a port of its own from the cluster's range."""
    first, last = map(int, cluster.spec.node_ports.split("-"))
    ports = [{"name": f"port-{number}", "port": number, "targetPort": 8080} for number in (80, 81, 82)]

    node_ports = {port["nodePort"] for port in echo.service(type="NodePort", ports=ports).spec["ports"]}

    assert len(node_ports) == len(ports), "each port has a node port of its own"
    outside = {port for port in node_ports if not first <= port <= last}
    assert outside == set(), f"no node port is outside the range {first}-{last}"


@behaviour(because=OR_FAILS, fails_under={"controllers/requested-node-port-ignored"}, alone=True)
def test_node_port_asked_for_is_given(echo):
    """A Service that asks for a node port nobody has is given it, also where another one has had it before."""
    before = echo.service(type="NodePort")
    requested = before.spec["ports"][0]["nodePort"]
    before.patch(type="ClusterIP")

    service = echo.service(type="NodePort", ports=[{"port": 80, "targetPort": 8080, "nodePort": requested}])

    assert service.spec["ports"][0]["nodePort"] == requested, "the Service has the node port it asks for"


@behaviour(
    because="A request for a node port that collides with another Service's fails.",
    fails_under={"controllers/requested-node-port-ignored"},
)
def test_node_port_of_another_service_is_refused(echo):
    """A Service that asks for a node port another one has is refused."""
    taken = echo.service(type="NodePort").spec["ports"][0]["nodePort"]

    requested = [{"port": 80, "targetPort": 8080, "nodePort": taken}]
    refused = refusal(lambda: echo.service(type="NodePort", ports=requested, wait=False))

    assert refused is not None, "the API server refuses it"
    assert refused.code == 422, "the API server refuses it as invalid"


@behaviour(
    because="A node port that is asked for has to be inside the range configured for node ports.",
    fails_under={"controllers/requested-node-port-ignored"},
)
def test_node_port_outside_the_range_is_refused(echo, cluster):
    """A Service that asks for a node port outside the cluster's range is refused."""
    last = int(cluster.spec.node_ports.split("-")[1])

    requested = [{"port": 80, "targetPort": 8080, "nodePort": last + 1}]
    refused = refusal(lambda: echo.service(type="NodePort", ports=requested, wait=False))

    assert refused is not None, "the API server refuses it"
    assert refused.code == 422, "the API server refuses it as invalid"
