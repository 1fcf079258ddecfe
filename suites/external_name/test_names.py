"""The names of ExternalName Services in the cluster's DNS."""

from svcproof import DNS, MUST, SHOULD, Capability, Judged, behaviours, control, eventually, has_record, is_alias

from ..clauses import DNS_SPEC, SERVICE
from ..families import record

EXTERNAL_NAME = SERVICE + "#externalname"
RECORDS = DNS_SPEC + "#25---records-for-external-name-services"
CNAME = "A CNAME record from the name of the Service to its externalName must exist."
PATIENT = 10.0
"""Seconds: a server may ask others, in vain, what the external name stands for, before it answers with the CNAME."""
COULD_NOT = {"SERVFAIL", "TIMEOUT"}
behaviour = behaviours(by=DNS, level=MUST, spec=EXTERNAL_NAME, requires={Capability.CLUSTER_DNS})


def ask(dns, service, *kind):
    """Look up a name that stands for one elsewhere; inconclusive if the servers elsewhere do not answer."""
    lookup = dns(service.dns_name, *kind, timeout=PATIENT)
    if lookup.code in COULD_NOT:
        with control("the server has an answer, if only a refusal, for names elsewhere"):
            assert dns("db.example.com", *kind, timeout=PATIENT).code not in COULD_NOT, "names elsewhere are answered"
    return lookup


@behaviour(
    because=CNAME, spec=RECORDS, fails_under={"dns/external-name-as-address", "dns/external-name-hidden-as-empty"}
)
def test_external_name_is_a_cname(workbench, dns):
    """The name of an ExternalName Service is a CNAME for spec.externalName."""
    service = workbench.service(type="ExternalName", externalName="db.example.com")
    eventually(lambda: dns(service.dns_name, "CNAME"), is_alias)

    lookup = ask(dns, service)

    assert lookup.chain[:1] == ((service.dns_name + ".", "CNAME", "db.example.com."),), (
        "the answer begins with the CNAME of the Service"
    )


@behaviour(
    because="A name that is an alias has no other data, so a query of any type is answered with its CNAME.",
    spec="https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2",
    fails_under={"dns/external-name-as-address"},
)
def test_external_name_is_a_cname_for_every_type_of_query(workbench, dns):
    """A query for AAAA, and one for CNAME, is answered with the same CNAME as one for A."""
    service = workbench.service(type="ExternalName", externalName="db.example.com")
    eventually(lambda: dns(service.dns_name, "CNAME"), is_alias)

    lookups = [ask(dns, service, kind) for kind in ("A", "AAAA", "CNAME")]

    assert {lookup.chain[0][1:] for lookup in lookups if lookup.chain} == {("CNAME", "db.example.com.")}, (
        "each answer begins with the CNAME"
    )
    unanswered = {lookup.type for lookup in lookups if not lookup.chain}
    assert unanswered == set(), "no type of query is left without records"


@behaviour(
    because="An externalName of digits is taken for a DNS name, which servers do not resolve, and not for an address.",
    fails_under={"dns/address-like-external-name"},
)
def test_external_name_that_looks_like_an_address_is_a_name(workbench, dns):
    """An externalName made of digits and dots is taken for a name, not for an address: it gives no address record."""
    service = workbench.service(type="ExternalName", externalName="198.51.100.7")
    later = workbench.service(type="ExternalName", externalName="db.example.com")
    with control("the server knows a Service made later"):
        eventually(lambda: dns(later.dns_name, "CNAME"), is_alias)

    lookup = ask(dns, service, "A")

    # Most servers have no record at all then: no such name can exist on the Internet.
    assert lookup.code in {"NOERROR", "NXDOMAIN"}, "the DNS server has an answer, if only that nothing is there"
    assert "A" not in lookup.types


@behaviour(
    because="The example of an answer has the CNAME and the address that it leads to.",
    otherwise="A server that leaves it to the resolver to ask for the name behind.",
    spec=RECORDS,
    level=SHOULD,
    fails_under={"dns/cname-without-target"},
)
def test_external_name_of_a_service_leads_on_to_its_address(echo, workbench, dns):
    """An externalName that is a Service of this cluster is answered with that Service's address too."""
    behind = echo.service()
    service = workbench.service(type="ExternalName", externalName=behind.dns_name)
    with control("the Service behind has its record"):
        eventually(lambda: dns(behind.dns_name), has_record(behind.cluster_ip))

    lookup = eventually(lambda: dns(service.dns_name), has_record(behind.cluster_ip))

    assert lookup.types == {"CNAME", record(behind.cluster_ip)}


@behaviour(
    because="The server returns a CNAME with the externalName of the Service.", fails_under={"dns/stale-after-update"}
)
def test_external_name_follows_a_change(workbench, dns):
    """After spec.externalName changes, the name is a CNAME for the new one."""
    service = workbench.service(type="ExternalName", externalName="old.example.com")
    eventually(lambda: dns(service.dns_name, "CNAME"), has_record("old.example.com."))

    service.patch(externalName="new.example.com")
    lookup = eventually(
        lambda: dns(service.dns_name, "CNAME"), has_record("new.example.com."), within=Judged.NAMES_RESOLVED
    )

    assert lookup.records == {"new.example.com."}


@behaviour(
    because="By a change of its type, a Service moves into the cluster under the name that it has.",
    fails_under={"dns/stale-after-update"},
)
def test_external_name_made_a_cluster_ip_service_resolves_to_its_address(echo, dns, workbench):
    """A Service changed from ExternalName to ClusterIP resolves to its new ClusterIP, and is no CNAME any more."""
    service = workbench.service(type="ExternalName", externalName="db.example.com")
    eventually(lambda: dns(service.dns_name, "CNAME"), is_alias)

    service.patch(type="ClusterIP", externalName=None, ports=[{"port": 80, "targetPort": 8080}], selector=echo.labels)
    lookup = eventually(lambda: dns(service.dns_name), has_record(service.cluster_ip), within=Judged.NAMES_RESOLVED)

    assert lookup.records == {service.cluster_ip}


@behaviour(
    because="externalName is ignored where the type is another, and a Service with a ClusterIP has an address record.",
    spec=DNS_SPEC + "#231---aaaaa-record",
    fails_under={"dns/alias-by-leftover-field"},
)
def test_external_name_left_in_a_cluster_ip_service_names_nothing(echo, dns):
    """A Service of type ClusterIP that still has an externalName resolves to its ClusterIP, and is no CNAME."""
    service = echo.service(externalName="left-over.example.com")
    assert service.spec["externalName"], "the Service has kept the field"

    lookup = eventually(lambda: dns(service.dns_name), has_record(service.cluster_ip))

    assert lookup.records == {service.cluster_ip}


@behaviour(
    because="The CNAME is that of the Service's own name; the specification has no names below it.",
    fails_under={"dns/external-name-answers-for-names-below"},
)
def test_names_below_an_external_name_do_not_exist(dns, workbench):
    """A name below that of an ExternalName Service, one label or two deeper, does not exist."""
    service = workbench.service(type="ExternalName", externalName="db.example.com")
    eventually(lambda: dns(service.dns_name, "CNAME"), is_alias)

    below = [dns(f"{labels}.{service.dns_name}") for labels in ("www", "www.shop")]

    assert {lookup.code for lookup in below} == {"NXDOMAIN"}, "the DNS server says that the names do not exist"
