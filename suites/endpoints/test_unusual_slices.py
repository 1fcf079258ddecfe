"""EndpointSlices of pods and Services out of the ordinary."""

from svcproof import CONTROLLERS, MUST, Judged, behaviours, counts, eventually

from ..clauses import ENDPOINT_SLICES, SERVICE_API, SIDECARS

SLEEP = ["python3", "-c", "import signal; signal.sigwait([signal.SIGTERM])"]
ENDPOINTS = "the EndpointSlices have this ready endpoint, by address and port"
ONE = counts(1, "ready endpoints")
behaviour = behaviours(by=CONTROLLERS, level=MUST)


@behaviour(
    because="With publishNotReadyAddresses, the controllers take all endpoints as ready though their pods are not.",
    spec=SERVICE_API + "#ServiceSpec",
    fails_under={"controllers/not-ready-addresses-withheld"},
)
def test_published_endpoint_is_ready_though_its_pod_is_not(workbench):
    """With publishNotReadyAddresses, a pod that is not ready is a ready endpoint."""
    pods = workbench.pods(readiness=True, ready=False)
    service = pods.service(wait=False, publishNotReadyAddresses=True)

    ready_endpoints = eventually(lambda: service.endpoints, ONE, within=Judged.SLICES_WRITTEN)

    assert ready_endpoints == {(pods.pods[0].address, 8080)}, ENDPOINTS


@behaviour(
    because="Endpoints that people create are mirrored into EndpointSlices, unless their Service has a selector.",
    spec=ENDPOINT_SLICES + "#endpointslice-mirroring",
    fails_under={"controllers/no-mirroring"},
    kep=752,
    since="1.21",
)
def test_hand_made_endpoints_are_mirrored(echo, workbench):
    """Endpoints made by hand for a Service without a selector are copied into EndpointSlices."""
    service = workbench.service()
    workbench.create(
        {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {"name": service.name, "namespace": service.namespace},
            "subsets": [{"addresses": [{"ip": echo.pods[0].address}], "ports": [{"name": "main", "port": 8081}]}],
        }
    )

    ready_endpoints = eventually(lambda: service.endpoints, ONE, within=Judged.SLICES_WRITTEN)

    assert ready_endpoints == {(echo.pods[0].address, 8081)}, ENDPOINTS


@behaviour(
    because="A sidecar runs beside the containers of its pod for all its life, with ports of its own.",
    spec=SIDECARS,
    fails_under={"controllers/sidecar-ports-unknown"},
    kep=753,
    since="1.33",
)
def test_named_target_port_may_be_a_sidecars(echo, workbench):
    """A named targetPort may be the port of a sidecar, an init container that runs beside the others."""
    image = echo.pods[0].object["spec"]["containers"][0]["image"]
    port = {"name": "beside", "containerPort": 9090}
    sidecar = {"name": "sidecar", "image": image, "restartPolicy": "Always", "command": SLEEP, "ports": [port]}
    pods = workbench.pods(extra={"initContainers": [sidecar]})
    service = pods.service(wait=False, ports=[{"port": 80, "targetPort": "beside"}])

    ready_endpoints = eventually(lambda: service.endpoints, ONE, within=Judged.SLICES_WRITTEN)

    assert ready_endpoints == {(pods.pods[0].address, 9090)}, ENDPOINTS
