"""Services that share pods, a port number, an address or the beginning of a name with one that goes."""

from svcproof import MUST, PROXY, Capability, Feature, answered, answered_within, behaviour, eventually, silent

from ..clauses import VIRTUAL_IPS
from ..slices import READY, handmade
from .door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at

OWN_RULES = "The rules of each node are kept in step with every Service there is, whatever becomes of another."
STREAM = [{"port": 80, "targetPort": 8080, "protocol": "TCP"}]
DATAGRAM = [{"port": 80, "targetPort": 5353, "protocol": "UDP"}]
SHARED = {"proxy/shared-endpoint-lost-with-neighbour", "proxy/longer-names-deleted-too"}


@behaviour_at(
    CLUSTER_IP.using(askers="clients")(
        "cluster_ip_outlives_a_service_with_the_same_pods",
        "A ClusterIP leads to its endpoints, from any node, after a Service with the same pods and port is deleted.",
        fails_under={*SHARED, "proxy/same-port-number-deleted-too"},
    ),
    NODE_PORT(
        "node_port_outlives_a_service_with_the_same_pods",
        "A node port leads to its endpoints, on every node, after another Service with the same pods is deleted.",
    ),
    EXTERNAL_IP(
        "external_ip_outlives_a_service_with_the_same_pods",
        "An externalIP leads to its endpoints after a Service with the same pods and port is deleted.",
    ),
    LOAD_BALANCER(
        "load_balancer_address_outlives_a_service_with_the_same_pods",
        "A load balancer's address leads to its endpoints after a Service with the same pods and port is deleted.",
        fails_under={*SHARED, "proxy/lb-address-lost-with-neighbour"},
        alone=True,
    ),
    spec=VIRTUAL_IPS,
    area="updates",
    because=OWN_RULES,
    fails_under=SHARED,
)
def check_neighbour(door, echo, workbench):
    """Of two Services with one set of pods, the one whose name begins with that of the other outlives it."""
    goes = door.service(echo, name=workbench.name("web"))
    stays = door.service(echo, name=f"{goes.name}-too")
    theirs, its_own = door.targets(goes), door.targets(stays)
    eventually(lambda: door.ask(*theirs, *its_own, times=3), answered)

    goes.delete()
    eventually(lambda: door.ask(*theirs, times=2, timeout=0.5), silent)
    eventually(lambda: door.ask(*its_own, times=6), answered_within(echo.names))


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    area="updates",
    because=OWN_RULES,
    requires={Capability.EXTERNAL_ADDRESSES, Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_IPS},
    fails_under={"proxy/other-protocol-deleted-too"},
    kep=5707,
)
def test_external_ip_of_two_services_by_protocol_outlives_one(echo, outside, external_address):
    """Of two Services with one externalIP and port number, one for TCP and one for UDP, one outlives the other."""
    address = external_address()
    stream, datagram = (echo.service(externalIPs=[address], ports=ports) for ports in (STREAM, DATAGRAM))
    tcp, udp = stream.at_address(address), datagram.at_address(address)
    eventually(lambda: outside.probe([tcp, udp], times=3), answered)

    stream.delete()
    eventually(lambda: outside.probe([tcp], times=2, timeout=0.5), silent)
    eventually(lambda: outside.probe([udp], times=3), answered_within(echo.names))


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    area="updates",
    because=OWN_RULES,
    fails_under={"proxy/same-name-elsewhere-deleted-too"},
)
def test_service_outlives_one_of_its_name_in_another_namespace(echo, elsewhere, client):
    """A Service goes on when one of the same name in another namespace is deleted."""
    stays = echo.service()
    goes = elsewhere.service(name=stays.name, ports=STREAM)
    elsewhere.create(handmade(goes, elsewhere.name("slice"), {echo.pods[0].address: READY}, name=""))
    theirs, its_own = goes.at_cluster_ip(), stays.at_cluster_ip()
    eventually(lambda: client.probe([theirs, its_own], times=3), answered)

    goes.delete()
    eventually(lambda: client.tcp(theirs, times=2, timeout=0.5), silent)
    eventually(lambda: client.tcp(its_own, times=3), answered_within(echo.names))


@behaviour(
    spec=VIRTUAL_IPS,
    level=MUST,
    by=PROXY,
    area="cluster_ip",
    because="A Service is known by the whole of its name, so that one with another name is another Service.",
    fails_under={"proxy/long-names-mistaken"},
)
def test_services_with_long_names_lead_to_endpoints_of_their_own(echo, db, workbench, client):
    """Of two Services whose names are of 63 characters and differ in the last, each leads to its own endpoints."""
    stem = f"{workbench.name('long')}-{'n' * 63}"[:62]
    first, second = echo.service(name=f"{stem}1"), db.service(name=f"{stem}2")
    eventually(lambda: client.tcp(first.at_cluster_ip(), times=6), answered_within(echo.names))
    eventually(lambda: client.tcp(second.at_cluster_ip(), times=6), answered_within(db.names))
