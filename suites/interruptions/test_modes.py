"""The proxies of all nodes changed to another mode, node by node, as when a DaemonSet is told to, and back again."""

from svcproof import MAY, MUST, PROXY, Capability, behaviours

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


def change_node_by_node(proxy_control, nodes, mode=""):
    """Start the proxies of all nodes in a mode, or in the declared one, one after another."""
    for node in nodes:
        proxy_control.start(node.name, mode=mode)


@behaviour(because=OTHERS, fails_under={"proxy/wrong-service-backends-after-restart"})
def test_services_keep_their_own_endpoints_through_a_change_of_mode(
    echo, db, external_address, everywhere, traffic_everywhere, proxy_control, nodes
):
    """While the proxies go to another mode node by node, and back, a Service is answered by its own endpoints alone."""
    services = [open_service(workload, external_address) for workload in (echo, db)]
    everywhere(*services)

    with traffic_everywhere(services[0], echo.names) as flow:
        change_node_by_node(proxy_control, nodes, mode=proxy_control.other_mode)
        everywhere(*services)
        change_node_by_node(proxy_control, nodes)

    everywhere(*services)
    assert not flow.total.wrong, "pods of other Services that answered"


@behaviour(fails_under={"proxy/rules-of-another-mode-left"})
def test_services_deleted_during_changes_of_mode_are_not_served(
    echo, external_address, everywhere, proxy_control, nodes
):
    """A Service deleted while no proxy runs is served nowhere by those of another mode, nor by those of before."""
    services = [open_service(echo, external_address) for _ in range(2)]
    first, second = everywhere(*services) and [everywhere.doors(service) for service in services]
    names = [node.name for node in nodes]

    with proxy_control.away(*names, mode=proxy_control.other_mode):
        services[0].delete()
    everywhere(*first, services[1])

    with proxy_control.away(*names):
        services[1].delete()
    everywhere(*first, *second)


@behaviour(fails_under={"proxy/restart-misses-what-is-new"})
def test_services_changed_during_a_change_of_mode_are_served_as_they_are(
    echo, db, external_address, everywhere, proxy_control, nodes
):
    """A Service made, or given other endpoints, while the proxies change their mode is served as it is from then on."""
    service = open_service(echo, external_address)
    everywhere(service)

    with proxy_control.away(*(node.name for node in nodes), mode=proxy_control.other_mode):
        younger = changed(service, db, echo, external_address)
    everywhere(service, younger)


@behaviour(level=MAY, spec=ASSIGNMENT, because="", fails_under={"proxy/restart-cuts-open-tcp"})
def test_open_connections_outlive_a_change_of_mode(
    echo, external_address, everywhere, traffic_everywhere, proxy_control, nodes, record
):
    """While the proxies go to another mode node by node, open TCP connections go on, or some are ended.

    Between the last rule of one mode and the first of the other a node may have none at all that changes addresses. The
    kernel then leaves the packets of open connections as they are, too, and the node itself refuses them.
    """
    service = open_service(echo, external_address, ports=PORTS[:1])
    everywhere(service)

    with traffic_everywhere(service, echo.names) as flow:
        change_node_by_node(proxy_control, nodes, mode=proxy_control.other_mode)
        everywhere(service)

    record("some are ended" if flow.total.broken or flow.total.kept.lost else "they go on")
