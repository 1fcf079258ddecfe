"""Conditions of endpoints: which of them make an endpoint one that gets connections."""

from svcproof import MUST, PROXY, Feature, answered, at_ports, behaviours, control, eventually, in_words, silent

from ..clauses import SERVICE_PROXY, SLICE_API, VIRTUAL_IPS
from ..doors.door import CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER, NODE_PORT, behaviour_at
from ..slices import READY, SLICES, handmade, slice_with

TRIES = 60
"""One of five equally likely endpoints is missed in 60 tries once in 650,000 runs."""
UNREADY = {"ready": False, "serving": False, "terminating": False}
SERVING = {"ready": False, "serving": True, "terminating": False}
DRAINING = {"ready": False, "serving": True, "terminating": True}
GONE = {"ready": False, "serving": False, "terminating": True}
READY_ALONE = "Traffic goes to endpoints that are ready, unless none is; what else is said of an endpoint is no matter."
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints")


def with_endpoints(workbench, service, pods, conditions):
    """Give a Service one endpoint for each of these conditions, and return the (pod, port) of each."""
    places = [(pod, port) for port in (8080, 8081) for pod in pods.pods]
    for (pod, port), how in zip(places, conditions, strict=False):
        workbench.create(handmade(service, workbench.name("slice"), {pod.address: how}, port))
    return [(pod.name, port) for pod, port in places[: len(conditions)]]


def only(*places):
    """A predicate: those that answer are at these places, each the name of a pod and a port."""
    words = ", ".join(f"{name}:{port}" for name, port in places)
    return in_words(
        f"{words} answer, and no others",
        lambda seen: seen.all_answered and {(probe.answer.pod, probe.answer.port) for probe in seen} == {*places},
    )


@behaviour_at(
    CLUSTER_IP(
        "cluster_ip_leads_to_ready_endpoints_alone",
        "While one endpoint is ready, a ClusterIP leads to none that is not, whether it serves or is terminating.",
    ),
    NODE_PORT(
        "node_port_leads_to_ready_endpoints_alone",
        "While one endpoint is ready, a node port leads to none that is not, whether it serves or is terminating.",
    ),
    EXTERNAL_IP(
        "external_ip_leads_to_ready_endpoints_alone",
        "While one endpoint is ready, an externalIP leads to none that is not, whether it serves or is terminating.",
    ),
    LOAD_BALANCER.using(askers="client")(
        "load_balancer_address_leads_to_ready_endpoints_alone",
        "While one endpoint is ready, a load balancer's address leads to none that is not, whatever else it is.",
    ),
    spec=VIRTUAL_IPS + "#traffic-to-terminating-endpoints",
    area="endpoints",
    because=READY_ALONE,
    otherwise="one that uses terminating endpoints where nothing else is left; here another is ready.",
    fails_under={
        "proxy/gone-as-good-as-ready",
        "proxy/serving-as-good-as-ready",
        "proxy/terminating-as-good-as-ready",
        "proxy/unready-endpoints-selected",
    },
)
def check_conditions(door, echo, workbench):
    """Of five endpoints, one of each conditions, the ready one alone answers, though all listen."""
    service = door.service(workbench)
    # The one that is to answer comes last: who is answered knows that the proxy has seen the others.
    *_, ready = with_endpoints(workbench, service, echo, [UNREADY, SERVING, DRAINING, GONE, READY])

    eventually(lambda: door.ask(door.target(service), times=TRIES), only(ready))


@behaviour(
    because="Where no endpoint is ready, traffic goes to those that are terminating and serve, and to no others.",
    otherwise="one that ignores all terminating endpoints, which EndpointSlices allow: it does not claim the feature.",
    spec=SERVICE_PROXY + "#basic-service-handling",
    requires={Feature.TERMINATING_ENDPOINTS},
    fails_under={
        "proxy/gone-as-good-as-ready",
        "proxy/serving-as-good-as-ready",
        "proxy/no-fallback-to-serving-terminating",
    },
    kep=1669,
    since="1.28",
)
def test_terminating_endpoints_that_serve_are_all_that_is_used_where_none_is_ready(echo, workbench, client):
    """With no endpoint ready, one that is terminating and serves gets connections; one that does not gets none."""
    service = workbench.service()
    *_, draining = with_endpoints(workbench, service, echo, [UNREADY, SERVING, GONE, DRAINING])

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), only(draining))


@behaviour(
    because="An endpoint that is not ready gets no traffic: where none is ready nobody answers, whoever listens.",
    fails_under={"proxy/unready-endpoints-better-than-none", "proxy/condition-edit-ignored"},
)
def test_endpoints_that_are_not_ready_are_not_used_where_none_is(echo, workbench, client):
    """A Service whose endpoints all stop being ready is answered by none of them, though they listen."""
    service = workbench.service()
    created = workbench.create(handmade(service, workbench.name("slice"), {echo.pods[0].address: READY}))
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    changed = handmade(service, created["metadata"]["name"], {echo.pods[0].address: UNREADY})
    workbench.kube.patch(SLICES, changed["metadata"]["name"], service.namespace, {"endpoints": changed["endpoints"]})
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=5, timeout=0.5), silent)
    with control("the endpoint still listens"):
        eventually(lambda: client.tcp(echo.pods[0].at(8080)), answered)


@behaviour(
    because="An absent ready condition is to be taken for true: an unknown state counts as ready.",
    spec=SLICE_API + "#EndpointSlice",
    fails_under={"proxy/absent-ready-as-not-ready"},
)
def test_endpoint_that_does_not_say_whether_it_is_ready_is_used(echo, workbench, client):
    """Endpoints without conditions, or with conditions that do not say whether they are ready, get connections."""
    service = workbench.service()
    bare = {"addresses": [echo.pods[0].address]}
    empty = {"addresses": [echo.pods[1].address], "conditions": {}}
    workbench.create(slice_with(service, workbench.name("slice"), [bare], 8080))
    workbench.create(slice_with(service, workbench.name("slice"), [empty], 8081))

    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), at_ports(8080, 8081))
