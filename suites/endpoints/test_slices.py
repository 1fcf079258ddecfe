"""The contents of a Service's EndpointSlices."""

from svcproof import CONTROLLERS, MUST, Judged, behaviours, control, counts, counts_at_least, eventually

from ..clauses import ENDPOINT_SLICES, POD_PORTS, SERVICE, SLICE_API

ENDPOINTS = "the EndpointSlices have these ready endpoints, by address and port"
SELECTOR = SERVICE + "#defining-a-service"
behaviour = behaviours(by=CONTROLLERS, level=MUST, spec=SELECTOR)


def endpoints(service):
    """(address, port) of the ready endpoints."""
    return lambda: service.endpoints


def has_terminating(every_condition):
    """An endpoint of the Service has the condition terminating."""
    return any(conditions.get("terminating") for conditions in every_condition)


@behaviour(
    because=(
        "The controller scans for pods that match a Service's selector, and updates its EndpointSlices accordingly."
    ),
    fails_under={"controllers/selector-ignored"},
    kep=752,
    since="1.21",
)
def test_selector_groups_the_pods_that_match_it(echo, db):
    """A Service's EndpointSlices hold the address of each ready pod that its selector matches, and of no other."""
    service = echo.service(wait=False)

    ready_endpoints = eventually(
        endpoints(service), counts_at_least(len(echo.pods), "ready endpoints"), within=Judged.SLICES_WRITTEN
    )

    addresses = {address for address, _ in ready_endpoints}
    assert addresses == {pod.address for pod in echo.pods}, (
        "the EndpointSlices hold the addresses of the pods that match"
    )
    assert db.pods[0].address not in addresses, (
        "the EndpointSlices do not hold the address of the pod that does not match"
    )


@behaviour(
    because="EndpointSlices hold references to the pods that match the selector: their addresses, and the port there.",
    spec=ENDPOINT_SLICES,
    fails_under={"controllers/target-port-ignored"},
    kep=752,
    since="1.21",
)
def test_endpoint_slices_hold_pod_addresses_and_target_ports(echo):
    """Each endpoint is a pod's address with the targetPort, not the Service's port."""
    service = echo.service(ports=[{"port": 80, "targetPort": 8081}])

    assert service.endpoints == {(pod.address, 8081) for pod in echo.pods}, ENDPOINTS


@behaviour(
    because="A named targetPort works where the pods of a Service give the name different numbers.",
    spec=SERVICE + "#field-spec-ports",
    fails_under={"controllers/named-port-as-number-of-first-pod"},
    kep=752,
    since="1.21",
)
def test_named_target_port_is_each_pods_own_number(workbench):
    """A named targetPort stands, in each pod, for the number that this pod gives the name."""
    label = {"tier": workbench.name("tier")}
    first = workbench.pods(labels=label, tcp=(8080,), names={"web": 8080}).pods[0]
    second = workbench.pods(labels=label, tcp=(9090,), names={"web": 9090}).pods[0]
    service = workbench.service(selector=label, ports=[{"port": 80, "targetPort": "web"}])

    ready_endpoints = eventually(endpoints(service), counts(2, "ready endpoints"))

    assert ready_endpoints == {(first.address, 8080), (second.address, 9090)}, ENDPOINTS


@behaviour(
    because=(
        "EndpointSlices group endpoints by combinations of protocol, port number and Service name, so "
        "that no port is left out."
    ),
    spec=ENDPOINT_SLICES,
    fails_under={"controllers/first-port-only"},
    kep=752,
    since="1.21",
)
def test_endpoint_slices_hold_every_port_of_the_service(echo):
    """The EndpointSlices of a Service with several ports hold each of them, by name."""
    service = echo.service(
        ports=[{"name": "web", "port": 80, "targetPort": 8080}, {"name": "more", "port": 81, "targetPort": 8081}]
    )

    ports_by_name = {(port["name"], port["port"]) for piece in service.slices for port in piece["ports"]}

    assert ports_by_name == {("web", 8080), ("more", 8081)}, "the EndpointSlices have these names and numbers of ports"


@behaviour(
    because="An endpoint's nodeName is the node that hosts it, from which it can be told which endpoints are local.",
    spec=SLICE_API + "#EndpointSlice",
    fails_under={"controllers/no-node-names"},
    kep=752,
    since="1.21",
)
def test_endpoints_name_their_node(echo):
    """Each endpoint of a pod names the node the pod is on."""
    service = echo.service()

    nodes_by_address = {
        (endpoint["addresses"][0], endpoint.get("nodeName"))
        for piece in service.slices
        for endpoint in piece["endpoints"]
    }

    assert nodes_by_address == {(pod.address, pod.node) for pod in echo.pods}, (
        "the EndpointSlices have these addresses and nodes"
    )


@behaviour(
    because="For endpoints that are pods, the condition ready follows the pod's own Ready condition.",
    spec=ENDPOINT_SLICES + "#conditions",
    fails_under={"controllers/unready-endpoints-ready"},
)
def test_pod_that_is_not_ready_is_no_ready_endpoint(workbench):
    """A pod that stops being ready stays in the EndpointSlice with ready: false."""
    pods = workbench.pods(count=2, readiness=True)
    service = pods.service()

    pods.pods[0].vantage.ready(False)

    ready_endpoints = eventually(endpoints(service), counts(1, "ready endpoints"), within=Judged.SLICES_WRITTEN)
    assert ready_endpoints == {(pods.pods[1].address, 8080)}, ENDPOINTS


@behaviour(
    because=(
        "The controller scans continuously for pods that match the selector, and updates the "
        "EndpointSlices accordingly."
    ),
    fails_under={"controllers/endpoints-never-removed"},
)
def test_pod_that_stops_matching_leaves_the_endpoints(workbench):
    """A pod whose labels no longer match the selector leaves the EndpointSlices; a pod that starts to match joins."""
    pods = workbench.pods(count=2)
    first, second = pods.pods
    service = pods.service()

    first.relabel(app="elsewhere")
    ready_endpoints = eventually(endpoints(service), counts(1, "ready endpoints"), within=Judged.SLICES_WRITTEN)
    first.relabel(**pods.labels)
    back = eventually(endpoints(service), counts(2, "ready endpoints"), within=Judged.SLICES_WRITTEN)

    assert ready_endpoints == {(second.address, 8080)}, ENDPOINTS
    assert back == {(first.address, 8080), (second.address, 8080)}, ENDPOINTS


@behaviour(
    because=(
        "An endpoint of a pod with a deletion timestamp is terminating and not ready, and serves while "
        "the pod's readiness lasts."
    ),
    spec=ENDPOINT_SLICES + "#terminating",
    fails_under={"controllers/terminating-kept-ready"},
    kep=1672,
    since="1.26",
)
def test_pod_being_deleted_is_a_terminating_endpoint(workbench):
    """An endpoint whose pod is being deleted is terminating, no longer ready, and serving while it still is ready."""
    pods = workbench.pods(linger=True, grace=30)
    service = pods.service()

    pods.pods[0].delete()
    every_condition = eventually(
        lambda: [endpoint["conditions"] for piece in service.slices for endpoint in piece["endpoints"]],
        has_terminating,
        within=Judged.SLICES_WRITTEN,
    )

    assert every_condition == [{"ready": False, "serving": True, "terminating": True}], (
        "the one endpoint has these conditions"
    )


@behaviour(
    because="No EndpointSlice is created on its own for a Service without a selector.",
    spec=SERVICE + "#services-without-selectors",
    fails_under={"controllers/selector-ignored"},
    kep=752,
    since="1.21",
)
def test_service_without_a_selector_gets_no_endpoints(echo, workbench):
    """A Service without a selector gets no EndpointSlices made for it."""
    bare = workbench.service()

    # The controller handles Services in turn: a younger one with endpoints shows that it has come this far.
    younger = echo.service(wait=False)
    with control("a Service with a selector gets endpoints"):
        enough = counts_at_least(len(echo.pods), "ready endpoints of the younger Service")
        eventually(endpoints(younger), enough, within=Judged.SLICES_WRITTEN)

    assert bare.slices == (), "no EndpointSlice is made for the Service without a selector"


@behaviour(
    because="A container's list of ports only informs: a port that is not in it can be a targetPort all the same.",
    spec=POD_PORTS,
    fails_under={"controllers/undeclared-ports-left-out"},
)
def test_container_port_need_not_be_declared(echo):
    """A numeric targetPort that no container declares as containerPort makes endpoints all the same."""
    declared = {port["containerPort"] for port in echo.pods[0].object["spec"]["containers"][0]["ports"]}
    service = echo.service(wait=False, ports=[{"port": 80, "targetPort": 9376}])

    ready_endpoints = eventually(
        endpoints(service), counts(len(echo.pods), "ready endpoints"), within=Judged.SLICES_WRITTEN
    )

    assert ready_endpoints == {(pod.address, 9376) for pod in echo.pods}, ENDPOINTS
    assert 9376 not in declared, "the container does not declare the port"
