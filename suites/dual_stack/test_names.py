"""The names of dual-stack Services in the cluster's DNS."""

from svcproof import DNS, MUST, Capability, Judged, behaviours, equals, eventually

from ..clauses import DNS_SPEC
from ..families import BOTH, of, record

behaviour = behaviours(
    by=DNS, level=MUST, requires={Capability.DUAL_STACK, Capability.CLUSTER_DNS}, kep=563, since="1.23"
)


def lookups(dns, service):
    """The addresses that a Service's name has, by type of record."""
    return {kind: set(dns(service.dns_name, kind).records) for kind in ("A", "AAAA")}


@behaviour(
    because="The name of a Service must have an address record, A or AAAA, for each of its ClusterIPs.",
    spec=DNS_SPEC + "#231---aaaaa-record",
    fails_under={"kind/dns-without-aaaa"},
)
def test_dual_stack_name_has_an_address_of_each_family(echo, dns):
    """The name of a dual-stack Service has an A and an AAAA record, its two ClusterIPs."""
    service = echo.service(ipFamilyPolicy="RequireDualStack")
    expected = {record(address): {address} for address in service.spec["clusterIPs"]}

    eventually(
        lambda: lookups(dns, service), equals(expected, "the answer, by type of record,"), within=Judged.NAMES_RESOLVED
    )


@behaviour(
    because="There must be an A or AAAA record for each ready endpoint of a headless Service.",
    spec=DNS_SPEC + "#241---aaaaa-record",
    fails_under={"kind/dns-without-aaaa"},
)
def test_dual_stack_headless_name_has_addresses_of_each_family(echo, dns):
    """The name of a dual-stack headless Service has an A and an AAAA record for each ready endpoint."""
    service = echo.service(clusterIP="None", ipFamilyPolicy="RequireDualStack")
    addresses = [address for pod in echo.pods for address in pod.vantage.addresses]
    expected = {record(of(family, addresses)[0]): set(of(family, addresses)) for family in BOTH}

    eventually(
        lambda: lookups(dns, service), equals(expected, "the answer, by type of record,"), within=Judged.NAMES_RESOLVED
    )
