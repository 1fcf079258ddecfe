"""Services at all of their doors, over both protocols, from all vantages."""

from ipaddress import ip_network

from svcproof import MUST, PROXY, Capability, Feature, Protocol, Target, behaviours, control

from ..clauses import SERVICE, SERVICE_API, SERVICE_PROXY, VIRTUAL_IPS
from .world import BOTH, Doors, around

HIGHEST = 65535
"""The highest port number: also where an endpoint may listen."""
behaviour = behaviours(by=PROXY, level=MUST, spec=SERVICE_PROXY)


@behaviour(
    because="A Service is served at each of its addresses and ports, over the protocol of each, on every node.",
    fails_under={
        "proxy/nodeport-dead-from-host",
        "proxy/lb-ip-closed-to-nodes",
        "proxy/udp-of-nodes-not-translated",
        "proxy/tcp-udp-same-port-one-lost",
    },
)
def test_service_with_every_door_answers_everybody(workbench, echo, spare_address, everywhere):
    """A Service is reached over TCP and UDP at its ClusterIP, node ports, externalIP and load balancer's address, \
by pods, nodes, its own endpoints and clients outside."""
    service = Doors(workbench, spare_address).service("every-door", echo.labels, ports=BOTH)

    everywhere(service)


@behaviour(
    spec=SERVICE_API + "#ServiceSpec",
    because="Each port of a Service has a protocol of its own, and what is said of one port is not said of another.",
    fails_under={"proxy/sctp-port-closes-its-service"},
)
def test_ports_of_seldom_kinds_take_nothing_from_those_beside_them(workbench, echo, spare_address, everywhere):
    """A port of SCTP, and one with an appProtocol that nobody knows, take nothing from the other ports of a Service."""
    doors = Doors(workbench, spare_address)
    number = doors.port()["port"]
    kinds = {"sctp": "SCTP", "tcp": "TCP", "udp": "UDP"}
    ports = [{"name": name, "port": number, "targetPort": 8080, "protocol": kinds[name]} for name in kinds]
    unknown = doors.port(name="unknown", appProtocol="example.com/own")
    service = doors.service("seldom", echo.labels, ports=[*ports, unknown])

    everywhere(service)


@behaviour(
    spec=VIRTUAL_IPS + "#traffic-policies",
    because="Under policy Local a node hands traffic to its own endpoints alone, over whichever protocol it comes.",
    requires={Capability.TWO_NODES},
    fails_under={"proxy/etp-local-ignored-for-lb-udp"},
)
def test_local_policies_hold_for_everybody_at_every_door(workbench, echo, db, spare_address, everywhere):
    """With both traffic policies Local everybody is answered over TCP and UDP by endpoints of the node that decides, \
which see a client outside by its own address."""
    doors = Doors(workbench, spare_address)
    local = {"internalTrafficPolicy": "Local", "externalTrafficPolicy": "Local"}
    several = doors.service("several", echo.labels, ports=doors.both(), **local)
    alone = doors.service("alone", db.labels, ports=doors.both(), **local)

    everywhere(several, alone)


@behaviour(
    spec=SERVICE_PROXY + "#basic-service-handling",
    because="An endpoint may be any address: also that of a node, and also that of the client itself.",
    requires={Capability.HOST_NETWORK},
    fails_under={
        "proxy/hairpin-clusterip-fails",
        "proxy/hairpin-at-external-ip-fails",
        "proxy/hairpin-at-node-port-fails",
        "proxy/high-endpoint-ports-not-served",
    },
)
def test_single_endpoint_is_reached_by_everybody_itself_included(
    workbench, db, nodes, spare_address, host_port, everywhere
):
    """A Service's only endpoint, in a pod's network, at its highest port, or in a node's, is reached by everybody at \
every door, also by itself and by its own node."""
    doors = Doors(workbench, spare_address)
    port = host_port()
    pods = workbench.pods(node=nodes[-1].name, host_network=True, tcp=(port,), udp=(port,), http=())
    high = workbench.pods(node=nodes[-1].name, tcp=(HIGHEST,), udp=(HIGHEST,), http=())
    in_pod = doors.service("in-pod", db.labels, ports=doors.both())
    at_end = doors.service("highest", high.labels, ports=doors.both(HIGHEST))
    on_node = doors.service("on-node", pods.labels, ports=doors.both(port))

    everywhere(in_pod, at_end, on_node)


@behaviour(
    spec=SERVICE_API + "#ServiceSpec",
    because="With loadBalancerSourceRanges traffic through the load balancer is restricted to clients in these ranges.",
    requires={Capability.TWO_OUTSIDE_CLIENTS, Capability.LOAD_BALANCER, Feature.LOAD_BALANCER_SOURCE_RANGES},
    fails_under={
        "proxy/lbsr-never-enforced",
        "proxy/lbsr-inner-of-two-ranges-alone",
        "proxy/lbsr-of-all-addresses-admits-nobody",
    },
)
def test_source_ranges_hold_for_everybody_at_the_addresses_of_load_balancers_alone(
    workbench, echo, outside, other_outside, spare_address, everywhere
):
    """Each Service's source ranges shut out clients outside of them at its load balancer's address, and not at its \
ClusterIP and node ports, nor at another Service of the same address."""
    doors = Doors(workbench, spare_address)
    only_one = doors.service("only-one", echo.labels, loadBalancerSourceRanges=[str(ip_network(outside.address))])
    overlapping = [str(ip_network(outside.address)), *around(outside.address, other_outside.address)]
    both = doors.service("both", echo.labels, loadBalancerSourceRanges=overlapping)
    the_world = doors.service("world", echo.labels, loadBalancerSourceRanges=["0.0.0.0/0", "::/0"])
    nobody = doors.service("nobody", echo.labels, loadBalancerSourceRanges=["203.0.113.0/24", "2001:db8:1::/48"])
    everybody = doors.service("everybody", echo.labels)

    everywhere(only_one, both, the_world, nobody, everybody)


@behaviour(
    spec=SERVICE_API + "#ServiceSpec",
    because="A port of a Service is of one protocol, and its number over the other may be another Service's.",
    fails_under={"proxy/tcp-udp-same-port-one-lost"},
)
def test_services_that_share_addresses_keep_to_their_own_ports(workbench, echo, db, spare_address, everywhere):
    """Of Services that share an externalIP and a load balancer's address, each is served at its own ports and \
protocols, and none at those that no Service has there."""
    doors = Doors(workbench, spare_address)
    over_tcp = doors.service("over-tcp", echo.labels, ports=[doors.port()])
    number = over_tcp.spec["ports"][0]["port"]
    over_udp = doors.service("over-udp", db.labels, ports=[{**doors.port(), "port": number, "protocol": "UDP"}])
    other_number = doors.service("other", db.labels, ports=[doors.port(targetPort=8081)])
    only_tcp = doors.service("only-tcp", echo.labels, ports=[doors.port()])
    bare = only_tcp.spec["ports"][0]["port"]
    shared = [address for address in (doors.external, doors.balanced) if address]
    closed = [Target(address, bare, Protocol.UDP) for address in (*shared, only_tcp.cluster_ip)]
    closed += [Target(over_udp.cluster_ip, number), Target(over_tcp.cluster_ip, number + 100)]

    everywhere(over_tcp, over_udp, other_number, only_tcp, *closed)


@behaviour(
    spec=VIRTUAL_IPS,
    because="Proxies watch for the removal of Services, and keep the rules of each node in step with it.",
    fails_under={"proxy/deleted-service-still-served", "proxy/removals-missed-on-some-nodes"},
)
def test_deleted_service_is_gone_for_everybody_and_those_beside_it_are_not(workbench, echo, spare_address, everywhere):
    """A deleted Service is served at none of its doors, and one of the same pods and addresses goes on."""
    doors = Doors(workbench, spare_address)
    leaving = doors.service("leaving", echo.labels, ports=BOTH)
    staying = doors.service("staying", echo.labels)
    everywhere(leaving, staying)
    before = everywhere.doors(leaving)

    leaving.delete()
    everywhere(staying, *before)


@behaviour(
    spec=VIRTUAL_IPS,
    because="The rules of each node are kept in step with the EndpointSlices that the API server has.",
    fails_under={"proxy/lb-never-removes-endpoints"},
)
def test_endpoint_that_leaves_is_gone_for_everybody(workbench, spare_address, everywhere):
    """An endpoint that leaves gets nothing more from anybody at any door, though it still listens."""
    pods = workbench.pods(count=2)
    leaving, _ = pods.pods
    service = Doors(workbench, spare_address).service("every-door", pods.labels, ports=BOTH)
    workbench.await_endpoints(service, 2)
    everywhere(service)

    leaving.relabel(app="elsewhere")
    workbench.await_endpoints(service, 1)
    everywhere(service)
    with control("the pod that left still listens"):
        everywhere(leaving.at(8080))


@behaviour(
    spec=SERVICE + "#session-stickiness",
    because="With affinity ClientIP all connections of a client go to the endpoint that its first one went to.",
    fails_under={"proxy/affinity-ignored", "proxy/affinity-shared-by-services", "proxy/affinity-of-a-day-ignored"},
)
def test_affinity_holds_for_everybody_at_every_door(workbench, echo, db, spare_address, everywhere):
    """With sessionAffinity ClientIP each client stays with one endpoint of each Service, at each address, over TCP \
and UDP, be it for a day."""
    doors = Doors(workbench, spare_address)
    for_a_day = {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 86400}}}
    service = doors.service("every-door", echo.labels, ports=doors.both(), sessionAffinity="ClientIP")
    lasting = doors.service("lasting", echo.labels, ports=doors.both(8081), sessionAffinity="ClientIP", **for_a_day)
    other = doors.service("other", db.labels, ports=doors.both(), sessionAffinity="ClientIP")

    everywhere(service, lasting, other, tries=4)
