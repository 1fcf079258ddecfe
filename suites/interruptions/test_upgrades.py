"""The proxies of all nodes upgraded from an earlier release, node by node, as the rollout of a DaemonSet does it."""

from svcproof import MUST, PROXY, SHOULD, Capability, behaviours, control

from ..clauses import IN_STEP, VIRTUAL_IPS
from .open_service import ASSIGNMENT, NEEDS, OTHERS, PORTS, changed, open_service

behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS,
    requires={Capability.PROXY_CONTROL, *NEEDS},
    because=IN_STEP,
    alone=True,
)


@behaviour(because=OTHERS, fails_under={"proxy/wrong-service-backends-after-restart"})
def test_services_keep_their_own_endpoints_through_an_upgrade(
    echo, db, external_address, everywhere, traffic_everywhere, proxy_control, nodes
):
    """While the proxies are upgraded node by node, and after it, a Service is answered by its own endpoints alone."""
    services = [open_service(workload, external_address) for workload in (echo, db)]
    proxy_control.start(*(node.name for node in nodes), release=proxy_control.earlier_release)
    with control("the earlier release serves them"):
        everywhere(*services)

    with traffic_everywhere(services[0], echo.names) as flow:
        for node in nodes:
            proxy_control.start(node.name)

    everywhere(*services)
    assert not flow.total.wrong, "pods of other Services that answered"


@behaviour(fails_under={"proxy/rules-of-another-mode-left"})
def test_service_deleted_during_an_upgrade_is_not_served(echo, external_address, everywhere, proxy_control, nodes):
    """A Service deleted after the proxies of an earlier release were stopped is served nowhere by those of now."""
    service = open_service(echo, external_address)
    proxy_control.start(*(node.name for node in nodes), release=proxy_control.earlier_release)
    with control("the earlier release serves it"):
        gone = everywhere(service).open_doors

    with proxy_control.away(*(node.name for node in nodes)):
        service.delete()
    everywhere(*gone)


@behaviour(fails_under={"proxy/restart-misses-what-is-new"})
def test_services_changed_during_an_upgrade_are_served_as_they_are(
    echo, db, external_address, everywhere, proxy_control, nodes
):
    """A Service made, or given other endpoints, while the proxies are upgraded is served as it is from then on."""
    service = open_service(echo, external_address)
    proxy_control.start(*(node.name for node in nodes), release=proxy_control.earlier_release)
    with control("the earlier release serves it"):
        everywhere(service)

    with proxy_control.away(*(node.name for node in nodes)):
        younger = changed(service, db, echo, external_address)
    everywhere(service, younger)


@behaviour(level=SHOULD, spec=ASSIGNMENT, because="", fails_under={"proxy/restart-cuts-open-tcp"})
def test_open_connections_outlive_an_upgrade(
    echo, external_address, everywhere, traffic_everywhere, proxy_control, nodes
):
    """While the proxies are upgraded node by node, open TCP connections through a Service go on from everywhere."""
    service = open_service(echo, external_address, ports=PORTS[:1])
    proxy_control.start(*(node.name for node in nodes), release=proxy_control.earlier_release)
    with control("the earlier release serves it"):
        everywhere(service)

    with traffic_everywhere(service, echo.names) as flow:
        for node in nodes:
            proxy_control.start(node.name)
    everywhere(service)

    assert flow.total.broken == 0, "connections that were ended"
    assert flow.total.kept.lost == 0, "exchanges over open connections without an answer"
