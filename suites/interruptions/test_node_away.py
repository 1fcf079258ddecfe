"""A node that is away for a while, as when its cable is pulled: its endpoints leave, and come back with it."""

from svcproof import MUST, PROXY, Capability, Judged, answered_by, behaviours, eventually

from ..clauses import IN_STEP, VIRTUAL_IPS
from .open_service import NEEDS, PORTS, open_service

behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS,
    requires={Capability.API_OUTAGE, Capability.NODE_SHELL, Capability.TWO_NODES, *NEEDS},
    because=IN_STEP,
    alone=True,
)


@behaviour(fails_under={"proxy/unready-endpoints-selected"})
def test_endpoints_leave_with_their_node_and_come_back(workbench, clients, sweep, everywhere, node_away, nodes):
    """While a node is away the other nodes use the endpoints elsewhere alone, and all of them once it is back."""
    here, away = (workbench.pods(node=node.name, readiness=True) for node in nodes[:2])
    away.pods[0].relabel(**here.labels)
    service = here.service(ports=PORTS, type="NodePort", wait=False)
    workbench.await_endpoints(service, 2)
    everywhere(service)
    others = [client for client in clients if client.node != nodes[1].name]
    targets = [service.at_cluster_ip(port["name"]) for port in PORTS]

    with node_away(nodes[1].name):
        away.pods[0].vantage.ready(False)
        workbench.await_endpoints(service, 1)
        eventually(lambda: sweep(others, targets, times=5), answered_by(here.names))
    away.pods[0].vantage.ready(True)
    workbench.await_endpoints(service, 2)
    everywhere(service, within=Judged.CAUGHT_UP)


@behaviour(fails_under={"proxy/deleted-service-still-served"})
def test_service_deleted_while_a_node_was_away_is_not_served(echo, db, external_address, everywhere, node_away, nodes):
    """A Service deleted while a node was away is served nowhere once it is back, and what was made then is."""
    service = open_service(echo, external_address)
    gone = everywhere(service).open_doors

    with node_away(nodes[1].name):
        service.delete()
        younger = open_service(db, external_address)
    everywhere(younger, *gone, within=Judged.CAUGHT_UP)
