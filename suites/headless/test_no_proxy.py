"""A headless Service has no address, and so nothing for a proxy to do."""

from svcproof import (
    CONTROLLERS,
    DNS,
    MUST,
    Capability,
    Judged,
    Protocol,
    Target,
    answered_by,
    behaviours,
    counts_at_least,
    eventually,
    refusal,
    resolves,
)

from ..clauses import LABELS, SERVICE, SERVICE_API

HEADLESS = SERVICE + "#headless-services"
behaviour = behaviours(by=CONTROLLERS, level=MUST, spec=HEADLESS)


@behaviour(
    because="The control plane puts this label on the EndpointSlices of a headless Service.",
    spec=LABELS + "#servicekubernetesioheadless",
    fails_under={"controllers/no-headless-label"},
    kep=752,
    since="1.21",
)
def test_endpoint_slices_of_a_headless_service_are_labelled(echo):
    """EndpointSlices of a headless Service carry the label service.kubernetes.io/headless."""
    service = echo.service(clusterIP="None")

    slices = {piece["metadata"]["name"]: piece["metadata"]["labels"] for piece in service.slices}
    unlabelled = {name for name, labels in slices.items() if "service.kubernetes.io/headless" not in labels}
    assert unlabelled == set(), "no EndpointSlice lacks the label service.kubernetes.io/headless"
    assert slices, "the Service has EndpointSlices"


@behaviour(
    because="No ClusterIP is allocated for a headless Service, and EndpointSlices are made from its selector.",
    fails_under={"controllers/selector-ignored", "controllers/headless-gets-cluster-ip"},
)
def test_headless_service_has_endpoints_and_no_cluster_ip(echo):
    """A headless Service keeps clusterIP None, and its EndpointSlices hold the pods its selector matches."""
    service = echo.service(wait=False, clusterIP="None")

    ready_endpoints = eventually(
        lambda: service.endpoints, counts_at_least(len(echo.pods), "ready endpoints"), within=Judged.SLICES_WRITTEN
    )

    assert service.cluster_ip == "None", "clusterIP stays None"
    assert {address for address, _ in ready_endpoints} == {pod.address for pod in echo.pods}, (
        "the EndpointSlices hold the addresses of the pods that match"
    )


@behaviour(
    because="The records of a headless Service point directly to its pods.",
    by=DNS,
    requires={Capability.CLUSTER_DNS},
    fails_under={"dns/headless-only-first"},
)
def test_client_reaches_each_endpoint_at_its_own_address_and_port(echo, dns, client):
    """A client that connects to the addresses of a headless name, at the endpoints' port, reaches every endpoint."""
    service = echo.service(clusterIP="None")
    lookup = eventually(lambda: dns(service.dns_name), resolves)

    targets = [Target(address, 8080, Protocol.TCP) for address in lookup.records]
    eventually(lambda: client.probe(targets), answered_by(echo.names))


@behaviour(
    because="clusterIP may not be changed by an update, None included, unless the type becomes or was ExternalName.",
    spec=SERVICE_API + "#ServiceSpec",
    fails_under={"controllers/headless-gets-cluster-ip"},
)
def test_headless_service_cannot_be_given_a_cluster_ip_later(echo):
    """A headless Service cannot be given a ClusterIP: the API refuses the change."""
    service, other = echo.service(clusterIP="None"), echo.service()

    refused = refusal(lambda: service.patch(clusterIP=other.cluster_ip, clusterIPs=[other.cluster_ip]))

    assert refused is not None, "the API server refuses it"
    assert refused.code == 422, "the API server refuses it as invalid"
    assert service.cluster_ip == "None", "clusterIP stays None"
