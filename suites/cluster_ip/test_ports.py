"""From a Service's ports to its backends' ports."""

from svcproof import (
    APART,
    MAY,
    MUST,
    PROXY,
    Capability,
    answered,
    behaviours,
    consistently,
    control,
    eventually,
    silent,
)

from ..clauses import KEP, POD_PORTS, SERVICE, SERVICE_API, VIRTUAL_IPS

behaviour = behaviours(by=PROXY, level=MUST, spec=SERVICE_API + "#ServiceSpec")


@behaviour(
    because="A Service maps an incoming port to a targetPort of any number.",
    spec=SERVICE + "#defining-a-service",
    fails_under={"proxy/service-port-used-as-target"},
)
def test_port_is_mapped_to_a_numeric_target_port(echo, client):
    """Connections to a Service's port arrive at the backend's targetPort, where that is another number."""
    service = echo.service(ports=[{"port": 80, "targetPort": 8081}])

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.ports == {8081}


@behaviour(
    because="A targetPort may be the name of a port in the definition of the pods.",
    spec=SERVICE + "#field-spec-ports",
    fails_under={"proxy/service-port-used-as-target"},
)
def test_port_is_mapped_to_a_named_target_port(echo, client):
    """A targetPort given as a name is the container port of that name in the backend."""
    service = echo.service(ports=[{"port": 80, "targetPort": "other"}])

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.ports == {8081}


@behaviour(
    because="A targetPort that is left out has the value of the port.", fails_under={"proxy/target-port-shifted"}
)
def test_target_port_defaults_to_the_port(echo, client):
    """Without a targetPort, connections arrive at the backend's port of the same number."""
    service = echo.service(ports=[{"port": 9376}])

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.ports == {9376}


@behaviour(
    because="A container's list of ports only informs: leaving one out does not keep a port from being reached.",
    spec=POD_PORTS,
    fails_under={"proxy/service-port-used-as-target"},
)
def test_container_port_is_informational(echo, client):
    """A Service reaches a port on which the container listens but which it does not declare as containerPort."""
    service = echo.service(ports=[{"port": 80, "targetPort": 9376}])
    declared = {port["containerPort"] for port in echo.pods[0].object["spec"]["containers"][0]["ports"]}

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.ports == {9376}
    assert 9376 not in declared, "the container does not declare the port"


@behaviour(
    because="`ports` lists what a Service exposes, so that what is not in it is not exposed.",
    fails_under={"proxy/undeclared-ports-forwarded"},
)
def test_port_that_the_service_does_not_name_is_not_served(echo, client):
    """A port of a ClusterIP that the Service does not name reaches no backend, though one listens on it."""
    service = echo.service(ports=[{"port": 80, "targetPort": 8080}])
    eventually(lambda: client.tcp(service.at_cluster_ip()), answered)
    with control("the backends listen on 9376"):
        eventually(lambda: client.tcp(echo.pods[0].at(9376)), answered)

    undeclared = service.at_cluster_ip().at(port=9376)
    consistently(lambda: client.tcp(undeclared, times=5, timeout=0.5), silent)


@behaviour(
    because="A virtual IP is answered by no single host: it only redirects to endpoints of its Service.",
    spec=VIRTUAL_IPS + "#ip-address-assignment-to-services",
    requires={Capability.HOST_NETWORK},
    fails_under={"proxy/host-ports-leak-via-clusterip"},
)
def test_ports_of_a_node_are_not_served_at_a_cluster_ip(echo, workbench, nodes, client, host_port):
    """A port on which a process of a node listens does not answer at a ClusterIP."""
    port = host_port()
    listener = workbench.pods(node=nodes[0].name, host_network=True, tcp=(port,), udp=(), http=()).pods[0]
    service = echo.service()
    eventually(lambda: client.tcp(service.at_cluster_ip()), answered)
    with control("the process on the node listens"):
        eventually(lambda: client.tcp(listener.at(port)), answered)

    consistently(lambda: client.tcp(service.at_cluster_ip().at(port=port), times=3, timeout=0.5), silent)


@behaviour(spec=KEP + "/3866-nftables-proxy", level=MAY, fails_under={"proxy/undeclared-port-hangs"})
def test_port_that_the_service_does_not_name(echo, client, record, refusals_reach):
    """A connection to a port of a ClusterIP that the Service does not name is refused or dropped."""
    service = echo.service()
    with control("the port it names is served"):
        eventually(lambda: client.tcp(service.at_cluster_ip()), answered)
    refusals_reach(client, echo.pods[0].address)

    seen = eventually(lambda: client.tcp(service.at_cluster_ip().at(port=9376)), silent, apart=APART)

    record("/".join(sorted(seen.outcomes)))
