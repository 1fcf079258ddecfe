"""A Service comes, changes and goes, and the data path with it."""

from svcproof import (
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

from ..clauses import IN_STEP, KEP, LABELS, VIRTUAL_IPS

TRIES = 40
"""Missing one of three equally likely backends in 40 tries happens once in 3.7 million runs."""
IGNORED = "A proxy other than kube-proxy, for which KEP-2447 leaves the label optional."
BURST = 66
TWO_PORTS = [{"name": "stays", "port": 80, "targetPort": 8080}, {"name": "goes", "port": 81, "targetPort": 8081}]
behaviour = behaviours(by=PROXY, level=MUST, spec=VIRTUAL_IPS)


@behaviour(
    because="For each Service that is added, traffic to its ClusterIP and port is redirected to its endpoints.",
    fails_under={"proxy/lb-recreate-same-name-fails"},
)
def test_service_made_anew_under_its_name_is_served(echo, client):
    """A Service deleted and made again under the same name is served at its new ClusterIP."""
    first = echo.service()
    before = first.at_cluster_ip()
    eventually(lambda: client.tcp(before, times=3), answered)

    first.delete()
    with control("the proxy has seen that the first one is deleted"):
        eventually(lambda: client.tcp(before, times=3, timeout=0.5), silent)
    second = echo.service(name=first.name)
    eventually(lambda: client.tcp(second.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(
    because=IN_STEP,
    fails_under={
        "proxy/cluster-ip-port-given-up-still-served",
        "proxy/removed-service-port-still-open",
        "proxy/removals-missed-on-some-nodes",
    },
)
def test_port_taken_out_of_a_service_is_no_longer_served(echo, clients, sweep):
    """A port removed from a Service stops leading anywhere, on every node; one that stays goes on."""
    service = echo.service(ports=TWO_PORTS)
    stays, goes = service.at_cluster_ip("stays"), service.at_cluster_ip("goes")
    eventually(lambda: sweep(clients, [stays, goes], times=2), answered)

    service.patch(ports=TWO_PORTS[:1])
    eventually(lambda: sweep(clients, [goes], times=3), silent)

    seen = sweep(clients, [stays], times=3)
    assert seen.all_answered


@behaviour(because=IN_STEP, fails_under={"proxy/port-added-not-served", "proxy/first-port-only"})
def test_port_added_to_a_service_is_served(echo, client):
    """A port added to a Service that is served already is served too."""
    service = echo.service(ports=TWO_PORTS[:1])
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    service.patch(ports=TWO_PORTS)
    seen = eventually(lambda: client.tcp(service.at_cluster_ip("goes"), times=3), answered)

    assert seen.ports == {8081}


@behaviour(because=IN_STEP, fails_under={"proxy/targetport-edit-keeps-old-backends"})
def test_changed_target_port_replaces_the_old_one(echo, client):
    """After targetPort changes, connections arrive at the new port and none at the old one."""
    service = echo.service(ports=[{"port": 80, "targetPort": 8080}])
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered)

    service.patch(ports=[{"port": 80, "targetPort": 8081}])
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=TRIES), at_ports(8081))


@behaviour(because=IN_STEP, fails_under={"proxy/same-count-means-unchanged"})
def test_changed_selector_replaces_the_endpoints(echo, db, client):
    """After the selector changes, connections go to the pods it matches now and to no other."""
    first = echo.workbench.pods()
    service = first.service()
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_by(first.names))

    service.patch(selector=db.labels)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=10), answered_by(db.names))


@behaviour(because=IN_STEP, fails_under={"proxy/endpoints-never-added"})
def test_pod_that_joins_gets_connections(workbench, client):
    """A pod that starts to match a Service already served gets its share of the connections."""
    pods = workbench.pods(count=2)
    joining, already = pods.pods
    joining.relabel(app="elsewhere")
    service = pods.service(wait=False)
    workbench.await_endpoints(service, 1)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=20), answered_by({already.name}))

    joining.relabel(**pods.labels)
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=20), answered_by(pods.names))


@behaviour(
    because="The label tells kube-proxy to leave the Service out of what it serves.",
    otherwise=IGNORED,
    spec=LABELS + "#servicekubernetesioservice-proxy-name",
    requires={Feature.SERVICE_PROXY_NAME},
    fails_under={"proxy/service-proxy-name-ignored"},
    kep=2447,
    since="1.14",
)
def test_service_labelled_for_another_proxy_is_left_alone(echo, client):
    """A Service labelled service.kubernetes.io/service-proxy-name is not served by the cluster's own proxy."""
    service = echo.service(metadata={"labels": {"service.kubernetes.io/service-proxy-name": "another"}})
    with control("the proxy has come as far as a Service made later"):
        later = echo.service()
        eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered)

    seen = client.tcp(service.at_cluster_ip(), times=3)

    assert seen.none_answered


@behaviour(
    because="The label is heeded as it is now: kube-proxy serves the Service again when it is taken off.",
    otherwise=IGNORED,
    spec=KEP + "/2447-Make-kube-proxy-service-abstraction-optional",
    requires={Feature.SERVICE_PROXY_NAME},
    fails_under={"proxy/proxy-name-label-removal-missed"},
    kep=2447,
    since="1.14",
)
def test_service_no_longer_labelled_for_another_proxy_is_served(echo, client):
    """A Service that loses the label service.kubernetes.io/service-proxy-name is served."""
    name = "service.kubernetes.io/service-proxy-name"
    service = echo.service(metadata={"labels": {name: "another"}})
    with control("the proxy has come as far as a Service made later"):
        later = echo.service()
        eventually(lambda: client.tcp(later.at_cluster_ip(), times=3), answered)
    # A proxy that ignores the label heeds its removal no more than its presence.
    seen = client.tcp(service.at_cluster_ip(), times=3)
    assert seen.none_answered

    service.patch_metadata(labels={name: None})
    eventually(lambda: client.tcp(service.at_cluster_ip(), times=3), answered_within(echo.names))


@behaviour(
    because="For each Service, however many there are, traffic to its ClusterIP is redirected to its endpoints.",
    fails_under={
        "proxy/burst-create-subset-of-services",
        "proxy/burst-create-subset-of-endpoints",
        "proxy/services-beyond-sixty-fourth-ignored",
    },
)
def test_services_made_in_a_burst_are_all_served(echo, client, everywhere):
    """Of many Services made at once, each is served, and by all of its endpoints."""
    services = [echo.service(wait=False) for _ in range(BURST)]
    for service in services:
        echo.workbench.await_endpoints(service, len(echo.pods))

    targets = [service.at_cluster_ip() for service in services]
    eventually(lambda: client.probe(targets, times=2), answered_within(echo.names))
    everywhere(*services[-4:])
