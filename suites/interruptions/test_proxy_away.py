"""Changes that are made while no proxy runs: once it is back, everything is as the API says."""

from functools import partial

from svcproof import MUST, PROXY, Capability, Feature, behaviours, equals, eventually

from ..clauses import IN_STEP, SOURCE_IP, VIRTUAL_IPS
from ..everywhere.world import DRAINING, UNREADY, Doors, endpoint, listed
from .open_service import EDITED, MOVED, NEEDS, OTHERS, open_service

LEFT = {"proxy/restart-leaves-what-is-gone"}
ADOPTED = {"proxy/restart-adopts-old-rules"}
MISSED = {"proxy/restart-misses-what-is-new"}
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS,
    requires={Capability.PROXY_CONTROL, *NEEDS},
    because=IN_STEP,
    alone=True,
)


@behaviour(fails_under=LEFT)
def test_service_deleted_while_a_proxy_was_away_is_not_served(echo, external_address, everywhere, proxy_control, nodes):
    """A Service deleted while the proxy of a node was stopped is served at none of its doors once it runs again."""
    service = open_service(echo, external_address)
    gone = everywhere(service).open_doors

    with proxy_control.away(nodes[0].name):
        service.delete()
    everywhere(*gone)


@behaviour(fails_under=LEFT)
def test_service_deleted_while_a_killed_proxy_was_away_is_not_served(
    echo, external_address, everywhere, proxy_control, nodes
):
    """A Service deleted after the proxy of a node was killed is served at none of its doors once it runs again."""
    service = open_service(echo, external_address)
    gone = everywhere(service).open_doors

    with proxy_control.away(nodes[0].name, kill=True):
        service.delete()
    everywhere(*gone)


@behaviour(fails_under=LEFT)
def test_service_deleted_while_all_proxies_were_away_is_not_served(
    echo, external_address, everywhere, proxy_control, nodes
):
    """A Service deleted while the proxies of all nodes were stopped is served nowhere once they run again."""
    service = open_service(echo, external_address)
    gone = everywhere(service).open_doors

    with proxy_control.away(*(node.name for node in nodes)):
        service.delete()
    everywhere(*gone)


@behaviour(fails_under=MISSED)
def test_service_made_while_a_proxy_was_away_is_served(echo, external_address, everywhere, proxy_control, nodes):
    """A Service made while the proxy of a node was stopped is served at all its doors once it runs again."""
    with proxy_control.away(nodes[0].name):
        service = open_service(echo, external_address)
    everywhere(service)


@behaviour(fails_under=MISSED)
def test_service_made_while_a_killed_proxy_was_away_is_served(echo, external_address, everywhere, proxy_control, nodes):
    """A Service made after the proxy of a node was killed is served at all its doors once it runs again."""
    with proxy_control.away(nodes[0].name, kill=True):
        service = open_service(echo, external_address)
    everywhere(service)


@behaviour(fails_under=ADOPTED)
def test_endpoints_changed_while_a_proxy_was_away_are_those_that_answer(
    echo, db, external_address, everywhere, proxy_control, nodes
):
    """When a Service gets other endpoints while the proxy of a node is stopped, these alone answer from then on."""
    service = open_service(echo, external_address)
    everywhere(service)

    with proxy_control.away(nodes[0].name):
        service.patch(selector=db.labels)
        echo.workbench.await_endpoints(service, len(db.pods))
    everywhere(service)


@behaviour(fails_under=LEFT)
def test_port_changed_while_a_proxy_was_away_is_the_one_served(
    echo, external_address, everywhere, proxy_control, nodes
):
    """When the ports of a Service change while the proxy of a node is stopped, the old ones are served no longer."""
    service = open_service(echo, external_address)
    before = everywhere(service).open_doors

    with proxy_control.away(nodes[0].name):
        service.patch(ports=MOVED)
    everywhere(service, *before)


@behaviour(fails_under=ADOPTED)
def test_policy_changed_while_a_proxy_was_away_is_the_one_followed(
    echo, external_address, everywhere, proxy_control, nodes
):
    """When a Service's policies, affinity, ranges and addresses change while the proxy of a node is stopped, it \
follows them after."""
    service = open_service(echo, external_address)
    before = everywhere(service).open_doors

    with proxy_control.away(nodes[0].name):
        service.patch(**EDITED)
    everywhere(service, *before)


@behaviour(
    because=OTHERS,
    fails_under={"proxy/wrong-service-backends-after-restart", "proxy/restart-takes-endpoints-for-ready"},
)
def test_services_keep_their_own_endpoints_when_proxies_restart(
    echo, db, workbench, spare_address, external_address, everywhere, proxy_control, nodes
):
    """After the proxies of all nodes have restarted each of several Services is answered by its own endpoints, under \
its own policies, and by none that is not ready."""
    services = [open_service(workload, external_address) for workload in (echo, db, echo)]
    doors = Doors(workbench, spare_address)
    local = {"internalTrafficPolicy": "Local", "externalTrafficPolicy": "Local"}
    first, second, third = echo.pods
    for spec in ({}, local, {"sessionAffinity": "ClientIP"}):
        service = doors.service("listed", **spec)
        listed(workbench, service, endpoint(first), endpoint(second, UNREADY), endpoint(third, DRAINING))
        services.append(service)
    everywhere(*services)

    proxy_control.restart(*(node.name for node in nodes))
    everywhere(*services)


@behaviour(fails_under={"proxy/services-older-than-the-proxy-not-served"})
def test_service_is_served_after_a_reboot(echo, external_address, everywhere, proxy_control, nodes):
    """After a node has lost its rules with its proxy, as in a reboot, its Services are served again at all doors."""
    service = open_service(echo, external_address)
    everywhere(service)

    proxy_control.reboot(nodes[0].name)
    everywhere(service)


@behaviour(
    spec=SOURCE_IP + "#source-ip-for-services-with-type-loadbalancer",
    because="A load balancer outside learns at this port of a node whether the node holds endpoints of the Service.",
    requires={Capability.OUTSIDE_CLIENT, Feature.HEALTH_CHECK_NODE_PORT},
    fails_under={"proxy/restart-closes-health-checks"},
)
def test_health_check_is_answered_after_a_restart(db, outside, proxy_control, nodes):
    """After the proxy of a node has restarted, the node answers the healthCheckNodePort of a Service as before."""
    port = db.service(type="LoadBalancer", externalTrafficPolicy="Local").spec["healthCheckNodePort"]
    look = partial(outside.http_status, nodes[0].addresses[0], port, "/healthz")
    eventually(look, equals(200, "the status of the health check"))

    proxy_control.restart(nodes[0].name)
    eventually(look, equals(200, "the status of the health check"))
