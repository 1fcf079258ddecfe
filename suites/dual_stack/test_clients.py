"""Source addresses and affinity over either family."""

from functools import partial

from svcproof import MUST, PROXY, Capability, Feature, answered, answered_by, behaviours, consistently, eventually

from ..clauses import SERVICE_PROXY, SOURCE_IP, VIRTUAL_IPS
from ..families import BOTH, of

OWN_ADDRESS = "over either family the backends see the client's own address of it"
behaviour = behaviours(by=PROXY, level=MUST, requires={Capability.DUAL_STACK}, kep=563, since="1.23")


@behaviour(
    because="Where possible, a connection to a Service keeps its source address, which tells the client.",
    otherwise="A proxy that does not claim client-address, and opens connections of its own or masquerades all.",
    spec=SERVICE_PROXY + "#snat--masquerading",
    requires={Feature.CLIENT_ADDRESS},
    fails_under={"kind/ipv6-sources-masqueraded"},
)
def test_client_keeps_its_address_of_either_family(echo, far_client):
    """A backend sees the pod that asked, by the pod's own address of the family it asked over."""
    service = echo.service(ipFamilyPolicy="RequireDualStack")

    seen = {
        family: eventually(partial(far_client.tcp, service.at_cluster_ip(family=family), times=5), answered).sources
        for family in BOTH
    }

    assert seen == {family: set(of(family, far_client.addresses)) for family in BOTH}, OWN_ADDRESS


@behaviour(
    because="Under policy Local the node does not rewrite the source address of traffic from outside.",
    spec=SOURCE_IP + "#source-ip-for-services-with-type-nodeport",
    requires={Capability.OUTSIDE_CLIENT, Feature.EXTERNAL_TRAFFIC_POLICY, Feature.NODE_PORT},
    fails_under={"kind/ipv6-sources-masqueraded"},
)
def test_external_traffic_policy_local_keeps_addresses_of_either_family(echo, nodes, dual_outside):
    """With externalTrafficPolicy Local a backend sees the outside client's own address, over IPv4 as over IPv6."""
    service = echo.service(type="NodePort", externalTrafficPolicy="Local", ipFamilyPolicy="RequireDualStack")

    seen = {
        family: eventually(
            partial(dual_outside.tcp, service.at_node(nodes[0], family=family), times=5), answered
        ).sources
        for family in BOTH
    }

    assert seen == {family: set(of(family, dual_outside.addresses)) for family in BOTH}, OWN_ADDRESS


@behaviour(
    because="With affinity ClientIP, connections of one client address are passed to the same pod each time.",
    spec=VIRTUAL_IPS + "#session-affinity",
    requires={Feature.SESSION_AFFINITY},
    fails_under={"kind/ipv6-affinity-forgotten"},
)
def test_affinity_holds_over_either_family(echo, client):
    """With sessionAffinity ClientIP, a pod's connections over one family all reach one endpoint, over either."""
    service = echo.service(ipFamilyPolicy="RequireDualStack", sessionAffinity="ClientIP")

    targets = [service.at_cluster_ip(family=family) for family in BOTH]

    first = [eventually(partial(client.tcp, target), answered).backends for target in targets]
    later = [
        consistently(partial(client.tcp, target, times=4), answered_by(once), lasting=2).backends
        for target, once in zip(targets, first, strict=True)
    ]

    assert later == first, "each address leads to the endpoint it led to first"
