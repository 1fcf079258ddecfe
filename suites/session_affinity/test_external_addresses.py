"""sessionAffinity: ClientIP, at the addresses a Service has beside its ClusterIP."""

from svcproof import MUST, PROXY, Capability, Feature, behaviours, control, eventually

from ..clauses import VIRTUAL_IPS

AFFINITY = VIRTUAL_IPS + "#session-affinity"
HOWEVER_REACHED = "The affinity is the Service's: it holds for connections from a client at each of its addresses."
EQUAL = 15
"""By chance 15 connections go to one of three endpoints once in 4.8 million runs."""
behaviour = behaviours(
    by=PROXY, level=MUST, spec=AFFINITY, requires={Capability.OUTSIDE_CLIENT, Feature.SESSION_AFFINITY}
)


def sticky(seen):
    """Every probe is answered, and all of them by one endpoint."""
    return seen.all_answered and len(seen.backends) == 1


@behaviour(
    because=HOWEVER_REACHED,
    otherwise="A proxy behind a load balancer that spreads one client over nodes, each of which remembers for itself.",
    requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER},
    fails_under={"proxy/affinity-not-at-load-balancer"},
)
def test_affinity_keeps_a_client_on_one_endpoint_of_a_load_balancer_address(echo, outside):
    """With ClientIP affinity all connections of one client outside to a load balancer's address go to one endpoint."""
    target = echo.service(type="LoadBalancer", sessionAffinity="ClientIP").at_load_balancer()
    with control("the address is announced"):
        eventually(lambda: outside.neighbour(target.address), bool)

    def ours(seen):
        """Every probe is answered, and all of them by one endpoint of this Service."""
        return sticky(seen) and seen.backends <= echo.names

    seen = eventually(lambda: outside.tcp(target, times=EQUAL), ours)

    assert len(seen.backends) == 1


@behaviour(
    because=HOWEVER_REACHED,
    requires={Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS},
    fails_under={"proxy/affinity-not-at-external-ip"},
)
def test_affinity_keeps_a_client_on_one_endpoint_of_an_external_ip(echo, outside, external_address):
    """With ClientIP affinity all connections of one client outside to an externalIP go to one endpoint."""
    address = external_address()
    service = echo.service(sessionAffinity="ClientIP", externalIPs=[address])

    seen = eventually(lambda: outside.tcp(service.at_address(address), times=EQUAL), sticky)

    assert len(seen.backends) == 1
