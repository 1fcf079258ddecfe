"""Addresses, ports and slices that change hands or places: who has them now is served there, and nobody else."""

from svcproof import MUST, PROXY, Capability, Feature, answered, answered_by, behaviours, control, eventually

from ..clauses import ENDPOINT_SLICES, ENDPOINTS_OF_NOW, IN_STEP, SERVICE, SERVICE_PROXY, VIRTUAL_IPS
from ..slices import slice_with
from .world import BOTH, NOBODYS, Doors, endpoint, listed

NOBODY = {"app": "nobody-has-this-label"}
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS, because=IN_STEP)


def successor(doors, service, workload):
    """Delete a Service, and make one for other pods that has all its addresses and node ports."""
    spec = service.spec
    service.delete()
    kept = {key: spec[key] for key in ("clusterIP", "clusterIPs", "ports")}
    return doors.service("next", workload.labels, **kept)


@behaviour(fails_under={"proxy/address-keeps-its-first-service"})
def test_addresses_of_a_deleted_service_lead_to_the_next_that_has_them(workbench, echo, db, spare_address, everywhere):
    """A Service made with the addresses and node ports of a deleted one is served there by its own endpoints alone."""
    doors = Doors(workbench, spare_address)
    first = doors.service("first", echo.labels, ports=BOTH)
    everywhere(first)

    everywhere(successor(doors, first, db))


@behaviour(
    spec=SERVICE_PROXY + "#udp-conntrack-cleanup",
    because=ENDPOINTS_OF_NOW,
    otherwise="one that holds on to a socket's endpoint may do so for the socket that had it, not for a new one.",
    fails_under={"proxy/udp-flow-of-inherited-address-kept"},
)
def test_udp_flow_to_an_address_moves_on_to_the_next_service_that_has_it(workbench, echo, db, spare_address, client):
    """A UDP client of a ClusterIP is answered on the same port by the Service that has the address now."""
    doors = Doors(workbench, spare_address)
    first = doors.service("first", echo.labels, ports=BOTH)
    target = first.at_cluster_ip("datagram")
    eventually(lambda: client.udp(target, times=3), answered)
    with client.udp_flow(target) as flow:
        eventually(lambda: flow.exchange(), answered)

    successor(doors, first, db)
    with control("other ports are answered by the next Service"):
        eventually(lambda: client.udp(target, times=3), answered_by(db.names))
    eventually(lambda: client.udp(target, source_port=flow.source_port), answered_by(db.names))


@behaviour(fails_under={"proxy/ports-that-change-places-ignored"})
def test_ports_that_change_places_lead_where_they_say_now(workbench, echo, spare_address, everywhere):
    """When the numbers, then the node ports and then the targets of two ports change places, each is served as it is \
now."""
    service = Doors(workbench, spare_address).service(
        "swapping",
        echo.labels,
        ports=[{"name": "one", "port": 80, "targetPort": 8080}, {"name": "two", "port": 81, "targetPort": 8081}],
    )
    everywhere(service)
    for key in ("port", "nodePort", "targetPort"):
        one, two = service.spec["ports"]
        if key in one:
            service.patch(ports=[{**one, key: two[key]}, {**two, key: one[key]}])
            everywhere(service)


@behaviour(fails_under={"proxy/edit-without-endpoints-ignored"})
def test_edits_of_a_service_without_endpoints_hold_when_it_has_some(workbench, echo, spare_address, everywhere):
    """Edits of a Service that has no endpoints hold when it has some again: of its ports, policies and addresses."""
    doors = Doors(workbench, spare_address)
    service = doors.service("waiting", echo.labels, ports=BOTH)
    before = everywhere(service).open_doors
    service.patch(selector=NOBODY)
    workbench.await_endpoints(service, 0)
    everywhere(service)

    local = {"internalTrafficPolicy": "Local", "externalTrafficPolicy": "Local"}
    service.patch(ports=[{**port, "port": 81} for port in service.spec["ports"]], externalIPs=[], **local)
    everywhere(service)
    service.patch(selector=echo.labels)
    workbench.await_endpoints(service, len(echo.pods))
    everywhere(service, *(door for door in before if door.target.port == 80))


@behaviour(
    spec=SERVICE + "#external-ips",
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS, Feature.LOAD_BALANCER},
    because="Traffic for an externalIP that a Service has is routed to its endpoints, whatever else the address was.",
    kep=5707,
    fails_under={"proxy/address-of-two-fields-lost-with-one"},
)
def test_address_that_a_service_has_twice_is_served_until_both_are_gone(workbench, echo, spare_address, everywhere):
    """An address that is both an externalIP of a Service and its load balancer's is served while it is one of them."""
    doors = Doors(workbench, spare_address)
    service = doors.service("twice", echo.labels, ports=BOTH)
    service.assign(doors.external)
    everywhere(service)

    service.assign()
    everywhere(service)


@behaviour(
    spec=ENDPOINT_SLICES,
    because="A Service's endpoints are those of all slices that name it, whichever was there first.",
    fails_under={"proxy/slice-older-than-its-service-ignored", "proxy/endpoint-lost-with-one-of-its-slices"},
)
def test_slices_count_whenever_they_come_and_as_long_as_one_is_there(workbench, echo, spare_address, everywhere):
    """A slice that is older than its Service counts, and an endpoint of two slices is served when one of them goes."""
    doors = Doors(workbench, spare_address)
    first, second, third = echo.pods
    twice = doors.service("twice")
    listed(workbench, twice, endpoint(first), endpoint(third))
    going = listed(workbench, twice, endpoint(third), endpoint(second))
    name = workbench.name("late")
    early = slice_with(twice, workbench.name("slice"), [endpoint(first)])
    early["metadata"]["labels"]["kubernetes.io/service-name"] = name
    workbench.create(early)
    everywhere(twice)

    late = workbench.service(name, type="LoadBalancer", loadBalancerClass=NOBODYS, ports=[doors.port()])
    workbench.kube.delete("discovery.k8s.io/v1 EndpointSlice", going["metadata"]["name"], twice.namespace)
    everywhere(twice, late)
