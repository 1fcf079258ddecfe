"""An ExternalName Service is a name and nothing else: no address, no endpoints, no traffic through the proxy."""

from svcproof import (
    CONTROLLERS,
    KUBELET,
    MUST,
    PROXY,
    answered,
    answered_within,
    behaviours,
    control,
    eventually,
    silent,
)

from ..clauses import SERVICE, SERVICE_API
from ..environment.test_service_variables import service_variables

EXTERNAL_NAME = SERVICE + "#externalname"
SPEC = SERVICE_API + "#ServiceSpec"
VARIABLES = SERVICE + "#environment-variables"
PORTS = [{"port": 80, "targetPort": 8080}]
behaviour = behaviours(level=MUST, spec=SPEC)


@behaviour(
    because="clusterIP may not be given for type ExternalName.",
    by=CONTROLLERS,
    fails_under={"controllers/external-name-keeps-cluster-ip"},
)
def test_service_made_an_external_name_gives_up_its_cluster_ip(echo):
    """A Service changed from ClusterIP to ExternalName has no ClusterIP any more."""
    service = echo.service()
    assert service.cluster_ip, "the Service has a ClusterIP at first"

    service.patch(type="ExternalName", externalName="db.example.com", clusterIP=None, clusterIPs=None)

    assert not service.spec.get("clusterIP"), "the Service has no ClusterIP any more"


@behaviour(
    because="The selector of a Service of type ExternalName is ignored.",
    by=CONTROLLERS,
    fails_under={"controllers/external-name-gets-endpoints"},
    kep=752,
    since="1.21",
)
def test_external_name_has_no_endpoints(echo):
    """An ExternalName Service gets no EndpointSlice, not even where it has a selector that matches pods."""
    named = echo.service(wait=False, type="ExternalName", externalName="db.example.com")

    # The controller handles Services in turn: a younger one with endpoints shows that it has come this far.
    echo.service()

    assert named.spec["selector"] == echo.labels, "the Service keeps its selector"
    assert named.slices == (), "no EndpointSlice is made for it"


@behaviour(
    because="The variables hold the ClusterIP of a Service and its port; an ExternalName has no ClusterIP.",
    spec=VARIABLES,
    by=KUBELET,
    fails_under={"kubelet/headless-variables"},
)
def test_external_name_gives_no_variables(echo, workbench):
    """A container gets no variables of an ExternalName Service."""
    usual = echo.service()
    named = workbench.service(type="ExternalName", externalName="db.example.com")

    pod = workbench.pods().pods[0]

    assert service_variables(pod, usual), "the container has variables of the usual Service"
    assert service_variables(pod, named) == {}, "the container has no variables of the ExternalName Service"


@behaviour(
    because="No proxying of any kind is set up for type ExternalName.",
    spec=SERVICE + "#publishing-services-service-types",
    by=PROXY,
    fails_under={"proxy/deleted-service-still-served"},
)
def test_service_made_an_external_name_is_no_longer_served(echo, client):
    """The former ClusterIP of a Service changed to ExternalName stops leading to its endpoints."""
    service = echo.service()
    before = service.at_cluster_ip()
    eventually(lambda: client.tcp(before, times=3), answered)

    service.patch(type="ExternalName", externalName="db.example.com", clusterIP=None, clusterIPs=None)
    eventually(lambda: client.tcp(before, times=3), silent)


@behaviour(
    because="By a change of its type, a Service moves into the cluster, and is served there like others.",
    spec=EXTERNAL_NAME,
    by=PROXY,
    fails_under={"proxy/externalname-to-clusterip-dead"},
)
def test_external_name_made_a_cluster_ip_service_is_served(echo, workbench, client):
    """A Service changed from ExternalName to ClusterIP is reached at its new ClusterIP."""
    service = echo.service(wait=False, type="ExternalName", externalName="db.example.com", ports=PORTS)
    with control("the proxy has come as far as a Service made later"):
        later = echo.service()
        eventually(lambda: client.tcp(later.at_cluster_ip()), answered)

    service.patch(type="ClusterIP", externalName=None)
    workbench.await_endpoints(service, len(echo.pods))
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(echo.names))
