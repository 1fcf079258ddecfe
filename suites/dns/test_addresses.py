"""A Service's name and its ClusterIP."""

from functools import partial

from svcproof import (
    DNS,
    MUST,
    PROXY,
    Capability,
    Judged,
    behaviours,
    control,
    eventually,
    has_record,
    has_records,
    resolves,
    resolves_to,
)

from ..clauses import DNS_PODS, DNS_SPEC
from ..families import other_record, record

ADDRESSES = DNS_SPEC + "#231---aaaaa-record"
ITS_OWN = "each name resolves to the ClusterIP of its own Service"
FORM = "SERVICE.NAMESPACE.svc.ZONE must have an address record with the ClusterIP of the Service."
QUERIES = 200
"""What loses one query in forty loses none of so many once in 160 runs."""
behaviour = behaviours(by=DNS, level=MUST, spec=ADDRESSES, requires={Capability.CLUSTER_DNS})


def all_found(lookups):
    """Every query is answered with the code NOERROR."""
    return {lookup.code for lookup in lookups} == {"NOERROR"}


@behaviour(because=FORM, fails_under={"dns/wrong-cluster-ip", "dns/no-udp"})
def test_service_name_resolves_to_its_cluster_ip(echo, dns):
    """SERVICE.NAMESPACE.svc.DOMAIN has one record, A or AAAA, with the Service's ClusterIP."""
    service = echo.service()

    lookup = eventually(lambda: dns(service.dns_name), resolves)

    assert lookup.records == {service.cluster_ip}
    assert lookup.types == {record(service.cluster_ip)}


@behaviour(because=FORM, requires={Capability.LOAD_BALANCER}, fails_under={"dns/load-balancer-address"})
def test_name_of_a_load_balancer_service_resolves_to_its_cluster_ip(echo, dns):
    """The name of a Service with an external address resolves, inside the cluster, to its ClusterIP."""
    service = echo.service(type="LoadBalancer")
    service.load_balancer_addresses()

    lookup = eventually(lambda: dns(service.dns_name), resolves)

    assert lookup.records == {service.cluster_ip}


@behaviour(
    because=FORM + " Whether it has endpoints has no part in it.",
    otherwise="A server that has been told to leave out Services without endpoints.",
    fails_under={"dns/services-without-endpoints-hidden"},
)
def test_name_of_a_service_without_endpoints_resolves_to_its_cluster_ip(workbench, dns):
    """The name of a Service that has no endpoint resolves to its ClusterIP like any other."""
    service = workbench.service(selector={"app": "nobody-has-this-label"})

    eventually(lambda: dns(service.dns_name), resolves_to(service.cluster_ip))


@behaviour(
    because="NXDOMAIN denies a name with all its types; a name that has others is answered NOERROR, without records.",
    spec="https://www.rfc-editor.org/rfc/rfc2308#section-2.2",
    fails_under={"dns/nxdomain-for-aaaa"},
)
def test_type_that_a_name_has_not_is_no_error(echo, dns):
    """A query for AAAA of an IPv4-only Service's name (or A of IPv6-only) is answered NOERROR, not NXDOMAIN."""
    service = echo.service(ipFamilyPolicy="SingleStack")
    with control("the name exists"):
        eventually(lambda: dns(service.dns_name), resolves)

    lookup = dns(service.dns_name, other_record(service.cluster_ip))

    assert lookup.code == "NOERROR", "the DNS server says that the name exists"
    assert lookup.records == frozenset()


@behaviour(
    because="A name that does not exist is denied with NXDOMAIN.",
    spec="https://www.rfc-editor.org/rfc/rfc2308#section-2.1",
    fails_under={"dns/nodata-for-missing"},
)
def test_name_of_no_service_does_not_exist(echo, dns):
    """A name in the cluster's domain that stands for nothing is answered NXDOMAIN."""
    service = echo.service()
    with control("names are served"):
        eventually(lambda: dns(service.dns_name), resolves)

    lookup = dns("no-such-" + service.dns_name)

    assert lookup.code == "NXDOMAIN", "the DNS server says that the name does not exist"


@behaviour(
    because="The namespace in the name is that of the Service, so with another one it names no Service.",
    fails_under={"dns/namespace-ignored"},
)
def test_name_is_found_in_its_own_namespace_only(echo, elsewhere, dns):
    """A Service's name with another namespace in it does not exist."""
    service = echo.service()
    with control("the name exists in its namespace"):
        eventually(lambda: dns(service.dns_name), resolves)

    lookup = dns(service.dns_name.replace(service.namespace, elsewhere.namespace))

    assert lookup.code == "NXDOMAIN", "the DNS server says that the name does not exist"


@behaviour(because=FORM, fails_under={"dns/namespace-ignored"})
def test_services_of_one_name_in_two_namespaces_have_names_of_their_own(echo, elsewhere, dns):
    """Two Services of one name in two namespaces each resolve to their own ClusterIP."""
    own = echo.service()
    other = elsewhere.service(name=own.name)

    lookups = [eventually(partial(dns, service.dns_name), resolves) for service in (own, other)]

    assert [lookup.records for lookup in lookups] == [{own.cluster_ip}, {other.cluster_ip}], ITS_OWN


@behaviour(
    because="Queries are compared with the data of Kubernetes without regard to case, as DNS does anyway.",
    spec=DNS_SPEC + "#21---definitions",
    fails_under={"dns/case-sensitive"},
)
def test_names_are_the_same_in_upper_and_lower_case(echo, dns):
    """A Service's name in upper case resolves to the same address."""
    service = echo.service()
    with control("the name in lower case resolves"):
        eventually(lambda: dns(service.dns_name), resolves)

    lookup = dns(service.dns_name.upper())

    assert lookup.records == {service.cluster_ip}


@behaviour(
    because="A server for general use must support both UDP and TCP.",
    spec="https://www.rfc-editor.org/rfc/rfc7766#section-5",
    fails_under={"dns/no-tcp"},
)
def test_names_are_served_over_tcp_too(echo, dns):
    """A query over TCP gets the same answer as one over UDP."""
    service = echo.service()
    with control("the name resolves over UDP"):
        eventually(lambda: dns(service.dns_name), resolves)

    lookup = dns(service.dns_name, tcp=True)

    assert lookup.records == {service.cluster_ip}


@behaviour(
    because="Records exist for Services that exist; other names in the zone do not.",
    fails_under={"dns/stale-after-delete"},
)
def test_name_of_a_deleted_service_is_gone(echo, dns):
    """After a Service is deleted, its name no longer exists."""
    service = echo.service()
    eventually(lambda: dns(service.dns_name), resolves)

    service.delete()
    lookup = eventually(lambda: dns(service.dns_name), has_records(0), within=Judged.NAMES_RESOLVED)

    assert lookup.code == "NXDOMAIN", "the DNS server says that the name does not exist"


@behaviour(because=FORM, fails_under={"dns/stale-after-update"})
def test_name_of_a_service_made_anew_leads_to_its_new_address(echo, dns):
    """The name of a Service deleted and made again resolves to the new ClusterIP."""
    first = echo.service()
    old = first.cluster_ip
    eventually(lambda: dns(first.dns_name), has_record(old))
    echo.service()  # takes another address, and the first one's is not given out again at once

    first.delete()
    second = echo.service(name=first.name)
    lookup = eventually(lambda: dns(second.dns_name), resolves_to(second.cluster_ip), within=Judged.NAMES_RESOLVED)

    assert lookup.types == {record(second.cluster_ip)}


@behaviour(
    because="Containers are told to use the address of the DNS Service to resolve names.",
    spec=DNS_PODS,
    by=PROXY,
    fails_under={"proxy/tcp-udp-same-port-one-lost"},
)
def test_cluster_dns_answers_at_its_cluster_ip(kube, clients, sweep):
    """Pods on every node reach the cluster's DNS server at the ClusterIP of its Service, over UDP and over TCP."""
    address = kube.get("Service", "kube-dns", "kube-system")["spec"]["clusterIP"]
    name = "kubernetes.default.svc." + clients[0].environment().search[-1]

    eventually(
        lambda: [one.dns(name, record(address), server=address, tcp=tcp) for one in clients for tcp in (False, True)],
        all_found,
    )


@behaviour(because=FORM, fails_under={"dns/names-missing-now-and-then"})
def test_service_name_is_found_each_time(echo, dns):
    """Of hundreds of queries for a Service's name each is answered."""
    service = echo.service()
    eventually(lambda: dns(service.dns_name), resolves)

    lookups = [dns(service.dns_name, timeout=5.0) for _ in range(QUERIES)]

    assert {lookup.code for lookup in lookups} == {"NOERROR"}, "every query is answered with the code"
