"""From the EndpointSlices of a Service to where its connections go."""

from svcproof import (
    MAY,
    MUST,
    PROXY,
    SHOULD,
    Feature,
    answered,
    answered_by,
    answered_within,
    at_ports,
    behaviours,
    consistently,
    control,
    eventually,
)

from ..clauses import ENDPOINT_SLICES, SERVICE, SERVICE_API, SERVICE_PROXY, SLICE_API, TERMINATION, VIRTUAL_IPS
from ..slices import READY, handmade

TRIES = 20
"""One of two backends is missed in 20 tries once in a million runs."""
behaviour = behaviours(by=PROXY, level=MUST, spec=ENDPOINT_SLICES)


@behaviour(
    because=(
        "A Service without a selector is accessed like one with it: its traffic goes to the endpoints of "
        "slices made by hand."
    ),
    spec=SERVICE + "#services-without-selectors",
    fails_under={
        "proxy/endpoint-without-node-left-out",
        "proxy/slices-known-by-name",
        "proxy/service-port-used-as-target",
    },
    kep=752,
    since="1.21",
)
def test_hand_made_endpoint_slice_is_served(echo, workbench, client):
    """A Service without a selector leads to the endpoints of a hand-made EndpointSlice, at the slice's port."""
    service = workbench.service()
    workbench.create(handmade(service, workbench.name("slice"), {echo.pods[0].address: READY}, 8081))

    seen = eventually(lambda: client.tcp(service.at_cluster_ip(), times=5), answered)

    assert seen.backends == {echo.pods[0].name}
    assert seen.ports == {8081}


@behaviour(
    because="A Service may have several EndpointSlices, and its endpoints are those of all of them.",
    fails_under={"proxy/first-slice-only"},
    kep=752,
    since="1.21",
)
def test_endpoints_of_all_slices_are_served(echo, workbench, client):
    """A Service with several EndpointSlices leads to the endpoints of every one of them."""
    service = workbench.service()
    for pod in echo.pods[:2]:
        workbench.create(handmade(service, workbench.name("slice"), {pod.address: READY}, 8080))

    names = {pod.name for pod in echo.pods[:2]}
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(names))


@behaviour(
    because=(
        "An EndpointSlice has ports that belong to all its endpoints, so an address in two slices is two endpoints."
    ),
    fails_under={"proxy/dedupe-endpoints-by-ip"},
    kep=752,
    since="1.21",
)
def test_endpoints_that_share_an_address_are_all_served(echo, workbench, client):
    """Two endpoints with one address and different ports both get connections."""
    service = workbench.service()
    for port in (8080, 8081):
        workbench.create(handmade(service, workbench.name("slice"), {echo.pods[0].address: READY}, port))

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), at_ports(8080, 8081))


@behaviour(
    because="A named targetPort works where the pods of a Service give the name different numbers.",
    spec=SERVICE + "#field-spec-ports",
    fails_under={"proxy/one-target-port-for-all-endpoints", "proxy/first-slice-only"},
)
def test_named_target_port_leads_to_each_pods_own_number(workbench, client):
    """Each pod is reached at its own number of a named targetPort that stands for different ones in different pods."""
    label = {"tier": workbench.name("tier")}
    workbench.pods(labels=label, tcp=(8080,), names={"web": 8080})
    workbench.pods(labels=label, tcp=(9090,), names={"web": 9090})
    service = workbench.service(selector=label, ports=[{"port": 80, "targetPort": "web"}])

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), at_ports(8080, 9090))


@behaviour(
    spec=SLICE_API + "#EndpointSlice",
    level=MAY,
    fails_under={"proxy/duplicate-endpoint-stale-slice-wins"},
    kep=752,
    since="1.21",
)
def test_endpoint_ready_in_one_of_two_slices(echo, workbench, client, record):
    """An endpoint that is ready in one EndpointSlice and not in another, as while it moves, is served or not."""
    service = workbench.service()
    stale = {"ready": False, "serving": False, "terminating": False}
    address = echo.pods[0].address
    name = workbench.name("slice")
    workbench.create(handmade(service, f"{name}-a", {address: READY}, 8080))
    with control("the endpoint is served while only the first slice has it"):
        eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    workbench.create(handmade(service, f"{name}-b", {address: stale}, 8080))
    with control("the proxy has seen the second slice"):
        later = echo.service()
        eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered)
    seen = client.tcp(service.at_cluster_ip(), times=3)

    record("served" if seen.all_answered else "not served")


@behaviour(
    because="publishNotReadyAddresses has whoever deals with a Service's endpoints disregard that they are not ready.",
    spec=SERVICE_API + "#ServiceSpec",
    fails_under={"proxy/publish-not-ready-not-served"},
)
def test_unready_endpoint_that_is_published_is_served(workbench, client):
    """With publishNotReadyAddresses, a pod that is not ready is reached through the ClusterIP."""
    pods = workbench.pods(readiness=True, ready=False)
    service = pods.service(publishNotReadyAddresses=True)

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_by(pods.names))


@behaviour(
    because=(
        "Traffic goes to terminating endpoints only where all are terminating; otherwise those that are "
        "not are preferred."
    ),
    otherwise="one that uses terminating endpoints where nothing else is left; here another is ready.",
    spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    fails_under={"proxy/terminating-as-good-as-ready"},
    kep=1669,
)
def test_terminating_endpoint_gets_no_new_connections_while_another_is_ready(workbench, client):
    """A pod being deleted that still serves gets no new connections while another endpoint is ready."""
    pods = workbench.pods(count=2, linger=True, grace=30)
    leaving, staying = pods.pods
    service = pods.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by(pods.names))

    leaving.delete()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), answered_by({staying.name}))

    seen = client.tcp(leaving.at(8080))
    assert seen.all_answered


@behaviour(
    because="Where no endpoint serves and is not terminating, those that serve and are terminating are used instead.",
    otherwise="one that ignores all terminating endpoints, which EndpointSlices allow: it does not claim the feature.",
    spec=SERVICE_PROXY + "#basic-service-handling",
    requires={Feature.TERMINATING_ENDPOINTS},
    fails_under={"proxy/no-fallback-to-serving-terminating"},
    kep=1669,
    since="1.28",
)
def test_terminating_endpoint_that_serves_is_used_where_nothing_is_ready(workbench, client):
    """Terminating endpoints that still serve go on getting connections if every endpoint is terminating."""
    pods = workbench.pods(linger=True, grace=30)
    service = pods.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    pods.pods[0].delete()
    workbench.await_endpoints(service, 0)
    consistently(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(pods.names), lasting=2.5)


@behaviour(
    spec=TERMINATION,
    level=SHOULD,
    fails_under={"proxy/endpoint-removal-kills-open-tcp", "proxy/topology-evicts-terminating-cuts-connections"},
    kep=1669,
)
def test_open_connection_outlives_the_end_of_its_endpoints_readiness(workbench, client):
    """An open TCP connection goes on when its endpoint is being deleted, as long as the pod serves; so does one that \
was led there for a Service with trafficDistribution."""
    pods = workbench.pods(count=3, linger=True, grace=30)
    service, near = pods.service(), pods.service(trafficDistribution="PreferClose")
    targets = [service.at_cluster_ip(), near.at_cluster_ip()]
    eventually(lambda: client.probe(targets, times=3), answered)

    with client.stream(targets[0]) as stream, client.stream(targets[1]) as near_stream:
        before = stream.exchange().backends | near_stream.exchange().backends
        leaving = [pod for pod in pods.pods if pod.name in before]
        for pod in leaving:
            pod.delete()
        for left in (service, near):
            workbench.await_endpoints(left, len(pods.pods) - len(leaving))
        consistently(lambda: stream.exchange() + near_stream.exchange(), answered_by(before), lasting=2.5)
