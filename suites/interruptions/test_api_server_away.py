"""The API server out of reach of nodes for a while: what it said last holds, what it says next is caught up with."""

from svcproof import MUST, PROXY, Capability, Judged, answered, behaviours, consistently, eventually

from ..clauses import IN_STEP, VIRTUAL_IPS
from .open_service import EDITED, NEEDS, PORTS, open_service

OUTAGE = 10.0
behaviour = behaviours(
    by=PROXY,
    level=MUST,
    spec=VIRTUAL_IPS,
    requires={Capability.API_OUTAGE, *NEEDS},
    because=IN_STEP,
    alone=True,
)


@behaviour(
    because="Rules go when a Service or its endpoints do; an API server out of reach has removed neither.",
    fails_under={"proxy/api-loss-empties-rules"},
)
def test_services_are_served_while_the_api_server_is_away(echo, clients, sweep, traffic, api_outage):
    """For as long as nodes cannot reach the API server, a Service that was there is served, without a gap."""
    service = echo.service(ports=PORTS)
    targets = [service.at_cluster_ip("main"), service.at_cluster_ip("datagrams")]
    eventually(lambda: sweep(clients, targets, times=3), answered)

    with traffic(dict.fromkeys(targets, echo.names)) as flow, api_outage():
        consistently(lambda: sweep(clients, targets), answered, lasting=OUTAGE)

    assert not flow.total.wrong, "pods of other Services that answered"
    assert flow.total.longest_gap < Judged.RESTART_GAP.seconds, "the longest time without an answer is short"


@behaviour(fails_under={"proxy/api-return-keeps-what-is-gone", "proxy/api-return-counts-alone"})
def test_service_deleted_while_the_api_server_was_away_is_not_served(echo, external_address, everywhere, api_outage):
    """A Service deleted while nodes could not reach the API server is served nowhere once they can, and one made then \
is."""
    service = open_service(echo, external_address)
    gone = everywhere(service).open_doors

    with api_outage():
        other = echo.service(ports=PORTS)
        service.delete()
    everywhere(other, *gone, within=Judged.CAUGHT_UP)


@behaviour(fails_under={"proxy/api-loss-ends-watch"})
def test_service_made_while_the_api_server_was_away_is_served(echo, external_address, everywhere, api_outage):
    """A Service made while nodes could not reach the API server is served at all its doors once they can."""
    with api_outage():
        service = open_service(echo, external_address)
    everywhere(service, within=Judged.CAUGHT_UP)


@behaviour(fails_under={"proxy/api-return-misses-changes"})
def test_endpoints_changed_while_the_api_server_was_away_are_those_that_answer(
    echo, db, external_address, everywhere, api_outage
):
    """When a Service gets other endpoints while nodes cannot reach the API server, these alone answer once they can."""
    service = open_service(echo, external_address)
    everywhere(service)

    with api_outage():
        service.patch(selector=db.labels)
        echo.workbench.await_endpoints(service, len(db.pods))
    everywhere(service, within=Judged.CAUGHT_UP)


@behaviour(fails_under={"proxy/api-return-misses-edits-of-services"})
def test_edits_made_while_the_api_server_was_away_are_followed(echo, external_address, everywhere, api_outage):
    """When all of a Service is edited while nodes cannot reach the API server, it is served as it says then."""
    service = open_service(echo, external_address)
    before = everywhere(service).open_doors

    with api_outage():
        service.patch(**EDITED)
    everywhere(service, *before, within=Judged.CAUGHT_UP)
