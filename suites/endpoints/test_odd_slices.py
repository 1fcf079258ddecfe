"""EndpointSlices that are odd, but legal, and Services beside them."""

from svcproof import (
    MAY,
    MUST,
    PROXY,
    Feature,
    answered,
    answered_by,
    answered_within,
    at_ports,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import ENDPOINT_SLICES, SERVICE, SLICE_API, VIRTUAL_IPS
from ..slices import READY, SLICES, handmade, slice_with

IN_STEP = "The rules of each node are kept in step with all Services, whatever becomes of one of them."
MANY = 66
"""More than the 64 that a table of fixed size may hold."""
TRIES = 1300
"""One of MANY equally likely endpoints is missed in so many tries once in 6 million runs."""
NAMED = [{"name": "main", "port": 80}, {"name": "other", "port": 81}]
LATER = {
    "proxy/slice-without-ports-wedges-proxy",
    "proxy/fqdn-slice-wedges-proxy",
    "proxy/other-family-slice-wedges-proxy",
}
behaviour = behaviours(by=PROXY, level=MUST, spec=ENDPOINT_SLICES)


@behaviour(because=IN_STEP, spec=VIRTUAL_IPS, fails_under=LATER)
def test_slices_that_a_proxy_has_no_use_for_leave_services_alone(echo, workbench, client):
    """Slices of names, of the other IP family, or without ports keep neither their Service nor a later one from \
being served."""
    service = workbench.service()
    address = echo.pods[0].address
    names = slice_with(service, workbench.name("names"), [{"addresses": ["web.example.com"]}])
    other = slice_with(
        service, workbench.name("other"), [{"addresses": ["2001:db8::1" if "." in address else "192.0.2.1"]}]
    )
    bare = handmade(service, workbench.name("bare"), {address: READY})
    workbench.create({**names, "addressType": "FQDN"})
    workbench.create({**other, "addressType": "IPv6" if "." in address else "IPv4"})
    workbench.create({**bare, "ports": []})
    workbench.create(handmade(service, workbench.name("slice"), {address: READY}))
    later = echo.service()

    targets = [service.at_cluster_ip(), later.at_cluster_ip()]
    eventually(lambda: client.probe(targets, times=5), answered_within(echo.names))


@behaviour(because=IN_STEP, spec=VIRTUAL_IPS, fails_under={"proxy/headless-service-wedges-proxy"})
def test_headless_service_leaves_others_alone(echo, client):
    """A headless Service keeps no later Service from being served."""
    echo.service(clusterIP="None")
    later = echo.service()

    eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(
    because="Endpoints of a port are those of the slices that have a port of its name; others add none.",
    fails_under={"proxy/missing-port-served-by-another", "proxy/first-slice-only"},
    kep=752,
    since="1.21",
)
def test_port_that_a_slice_lacks_is_served_by_others_alone(echo, workbench, client):
    """Of two slices that each have one of a Service's ports, each serves its own port and not that of the other."""
    service = workbench.service(ports=NAMED)
    first, second = echo.pods[0], echo.pods[2]
    workbench.create(handmade(service, workbench.name("slice"), {first.address: READY}, 8080, name="main"))
    workbench.create(handmade(service, workbench.name("slice"), {second.address: READY}, 8081, name="other"))

    eventually(lambda: client.tcp(service.at_cluster_ip("main"), times=20), answered_by({first.name}))
    eventually(lambda: client.tcp(service.at_cluster_ip("other"), times=20), answered_by({second.name}))


@behaviour(
    because="An endpoint without a nodeName is on no node that is known, so that policy Local leads to it from none.",
    spec=SLICE_API + "#EndpointSlice",
    requires={Feature.INTERNAL_TRAFFIC_POLICY},
    fails_under={"proxy/endpoint-without-node-taken-for-local"},
    kep=2086,
    since="1.26",
)
def test_endpoint_without_a_node_is_local_to_none(echo, workbench, nodes, clients, sweep):
    """Under internalTrafficPolicy Local, an endpoint that names no node gets no connection beside one that does."""
    service = workbench.service(internalTrafficPolicy="Local")
    here = {"addresses": [echo.pods[0].address], "conditions": READY, "nodeName": nodes[0].name}
    nowhere = {"addresses": [echo.pods[2].address], "conditions": READY}
    workbench.create(slice_with(service, workbench.name("slice"), [here, nowhere]))

    eventually(lambda: clients[0].tcp(service.at_cluster_ip(), times=20), answered_by({echo.pods[0].name}))
    eventually(lambda: sweep(clients[1:], [service.at_cluster_ip()], times=5, timeout=0.5), silent)


@behaviour(level=MAY, fails_under={"proxy/slice-relabelled-still-used"})
def test_slice_labelled_for_another_service(echo, db, workbench, client, record):
    """When an EndpointSlice is labelled for another Service, the first one is still served by it, or no longer."""
    before, after = workbench.service(), workbench.service()
    moving = workbench.create(handmade(before, workbench.name("slice"), {echo.pods[0].address: READY}))
    workbench.create(handmade(before, workbench.name("slice"), {db.pods[0].address: READY}))
    eventually(lambda: client.tcp(before.at_cluster_ip(), times=20), answered_by({echo.pods[0].name, *db.names}))

    labels = {"kubernetes.io/service-name": after.name}
    workbench.kube.patch(SLICES, moving["metadata"]["name"], before.namespace, {"metadata": {"labels": labels}})
    with control("the other Service is served by it"):
        eventually(lambda: client.tcp(after.at_cluster_ip(), times=5), answered_by({echo.pods[0].name}))
    seen = client.tcp(before.at_cluster_ip(), times=20)

    record("still served" if seen.backends - db.names else "no longer served")


@behaviour(
    because="A Service may have many EndpointSlices, and its endpoints are those of all of them.",
    fails_under={"proxy/endpoints-beyond-tenth-ignored", "proxy/endpoints-beyond-sixty-fourth-ignored"},
    kep=752,
    since="1.21",
)
def test_each_of_many_endpoints_is_served(workbench, client):
    """Connections to a Service with many endpoints reach, in time, every one of them."""
    numbers = range(9001, 9001 + MANY)
    pods = workbench.pods(tcp=tuple(numbers), udp=(), http=())
    service = workbench.service()
    for number in numbers:
        workbench.create(handmade(service, workbench.name("slice"), {pods.pods[0].address: READY}, number))

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), at_ports(*numbers))


@behaviour(
    spec=SERVICE + "#multi-port-services",
    because="A Service may have several port definitions, and no number of them is too many.",
    fails_under={"proxy/ports-beyond-fifteenth-ignored", "proxy/names-of-ports-cut"},
)
def test_each_of_many_ports_is_served(echo, client):
    """Each of a Service's many ports, whose names begin alike, is served, and leads to its own targetPort."""
    ports = [{"name": f"numbered-{n}", "port": n, "targetPort": 8080 + n % 2} for n in range(1000, 1000 + MANY)]
    service = echo.service(ports=ports)
    targets = [service.at_cluster_ip(port["name"]) for port in ports]

    seen = eventually(lambda: client.probe(targets, times=2), answered)

    assert {(probe.target.port, probe.answer.port) for probe in seen} == {
        (port["port"], port["targetPort"]) for port in ports
    }, "each port leads to its targetPort"


@behaviour(because=IN_STEP, spec=VIRTUAL_IPS, fails_under={"proxy/last-of-many-changes-missed"})
def test_endpoints_that_change_many_times_at_once_end_as_they_are(echo, db, workbench, clients, sweep):
    """After many changes of a Service's endpoints in quick succession, clients on every node reach the last of them."""
    service = workbench.service()
    first, last = echo.pods[0].address, db.pods[0].address
    created = workbench.create(handmade(service, workbench.name("slice"), {first: READY}))
    eventually(lambda: sweep(clients, [service.at_cluster_ip()]), answered)

    for address in (last, first) * 40 + (last,):
        changed = handmade(service, created["metadata"]["name"], {address: READY})["endpoints"]
        workbench.kube.patch(SLICES, created["metadata"]["name"], service.namespace, {"endpoints": changed})
    eventually(lambda: sweep(clients, [service.at_cluster_ip()], times=3), answered_by(db.names))
