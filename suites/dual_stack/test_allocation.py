"""The ClusterIPs that a Service gets on a dual-stack cluster."""

from svcproof import CONTROLLERS, MUST, Capability, behaviours

from ..clauses import DUAL_STACK
from ..families import BOTH, family, other_family

POLICY = DUAL_STACK + "#services"
SWITCHING = DUAL_STACK + "#switching-services-between-single-stack-and-dual-stack"
behaviour = behaviours(by=CONTROLLERS, level=MUST, spec=POLICY, requires={Capability.DUAL_STACK}, kep=563, since="1.23")


def families(service):
    """The families of its ClusterIPs, in their order."""
    return tuple(family(address) for address in service.spec["clusterIPs"])


@behaviour(
    because="PreferDualStack allocates an IPv4 and an IPv6 ClusterIP, where the cluster has both.",
    fails_under={"kind/always-single-stack"},
)
def test_prefer_dual_stack_gives_an_address_of_each_family(echo):
    """A Service with ipFamilyPolicy PreferDualStack has a ClusterIP of each family; the first one is its clusterIP."""
    service = echo.service(wait=False, ipFamilyPolicy="PreferDualStack")

    spec = service.spec
    assert sorted(families(service)) == list(BOTH), "the ClusterIPs are of both families"
    assert spec["clusterIP"] == spec["clusterIPs"][0], "clusterIP is the first of clusterIPs"
    assert tuple(spec["ipFamilies"]) == families(service), (
        "ipFamilies are the families of the ClusterIPs, in their order"
    )


@behaviour(
    because="The ClusterIPs are in the order of ipFamilies, the first of which decides clusterIP.",
    fails_under={"kind/always-single-stack", "kind/always-ipv4-first"},
)
def test_order_of_families_is_the_order_of_cluster_ips(echo):
    """With RequireDualStack, the ClusterIPs are of the families in ipFamilies, in that order, whichever it is."""
    orders = (BOTH, BOTH[::-1])
    services = [echo.service(wait=False, ipFamilyPolicy="RequireDualStack", ipFamilies=list(one)) for one in orders]

    assert tuple(families(service) for service in services) == orders, "the ClusterIPs are in the order of ipFamilies"


@behaviour(
    because="ipFamilies defines which family a single-stack Service uses.", fails_under={"kind/always-ipv4-first"}
)
def test_single_stack_service_gets_the_family_it_names(echo):
    """A SingleStack Service has one ClusterIP, of the family it names, be that the cluster's first or second."""
    services = [echo.service(wait=False, ipFamilyPolicy="SingleStack", ipFamilies=[one]) for one in BOTH]

    assert [families(service) for service in services] == [(one,) for one in BOTH], (
        "the ClusterIP of each is of the family it names"
    )


@behaviour(
    because="A Service made dual-stack is given an address of the family that it lacked.",
    spec=SWITCHING,
    fails_under={"kind/always-single-stack"},
)
def test_service_made_dual_stack_keeps_its_address_and_gets_a_second(echo):
    """A single-stack Service changed to PreferDualStack keeps its ClusterIP and gets one of the other family."""
    service = echo.service(wait=False, ipFamilyPolicy="SingleStack")
    before = service.cluster_ip

    service.patch(ipFamilyPolicy="PreferDualStack")

    assert service.spec["clusterIPs"][0] == before, "the ClusterIP stays the first"
    assert families(service) == (family(before), other_family(before)), "the second ClusterIP is of the other family"


@behaviour(
    because="A Service made single-stack retains the first of its ClusterIPs only.",
    spec=SWITCHING,
    fails_under={"kind/always-dual-stack"},
)
def test_service_made_single_stack_keeps_the_first_address_alone(echo):
    """A dual-stack Service changed to SingleStack keeps the first of its ClusterIPs and loses the second."""
    service = echo.service(wait=False, ipFamilyPolicy="RequireDualStack")
    before = service.spec["clusterIPs"]

    service.patch(ipFamilyPolicy="SingleStack")

    assert service.spec["clusterIPs"] == before[:1], "the first ClusterIP stays alone"
