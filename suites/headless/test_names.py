"""The names of a headless Service in the cluster's DNS."""

from functools import partial

from svcproof import (
    DNS,
    MAY,
    MUST,
    SHOULD,
    Capability,
    Judged,
    behaviours,
    control,
    eventually,
    has_records,
    has_records_at_least,
    resolves,
    resolves_to,
)

from ..clauses import DNS_SPEC
from ..families import reverse

HEADLESS = DNS_SPEC + "#24---records-for-a-headless-service"
behaviour = behaviours(by=DNS, level=MUST, spec=HEADLESS, requires={Capability.CLUSTER_DNS})


@behaviour(
    because="There must be an address record for each ready endpoint of a headless Service.",
    fails_under={"dns/headless-only-first"},
)
def test_headless_name_resolves_to_every_ready_endpoint(echo, dns):
    """The name of a headless Service has a record with the address of each ready endpoint, and no others."""
    service = echo.service(clusterIP="None")

    lookup = eventually(lambda: dns(service.dns_name), has_records_at_least(len(echo.pods)))

    assert lookup.records == {pod.address for pod in echo.pods}


@behaviour(
    because="The records of a headless Service are those of its ready endpoints.",
    fails_under={"dns/unready-in-headless"},
)
def test_headless_name_leaves_out_endpoints_that_are_not_ready(workbench, dns):
    """An endpoint that is no longer ready leaves the answer of a headless Service; the others stay."""
    pods = workbench.pods(count=2, readiness=True)
    service = pods.service(clusterIP="None")
    eventually(lambda: dns(service.dns_name), has_records(2))

    pods.pods[0].vantage.ready(False)
    workbench.await_endpoints(service, 1)
    lookup = eventually(lambda: dns(service.dns_name), has_records(1), within=Judged.NAMES_RESOLVED)

    assert lookup.records == {pods.pods[1].address}


@behaviour(
    because="An endpoint of a Service that publishes those that are not ready counts as ready.",
    fails_under={"dns/published-unready-left-out"},
)
def test_headless_name_keeps_unready_endpoints_that_are_published(workbench, dns):
    """With publishNotReadyAddresses an endpoint that is not ready is in the answer of a headless Service."""
    pods = workbench.pods(readiness=True, ready=False)
    service = pods.service(wait=False, clusterIP="None", publishNotReadyAddresses=True)

    lookup = eventually(lambda: dns(service.dns_name), resolves, within=Judged.NAMES_RESOLVED)

    assert lookup.records == {pods.pods[0].address}


@behaviour(
    because="The answer should be NXDOMAIN where a headless Service has no ready endpoint.",
    level=SHOULD,
    fails_under={"dns/nodata-for-missing"},
)
def test_headless_name_without_endpoints_does_not_exist(echo, workbench, dns):
    """The name of a headless Service without a ready endpoint is answered NXDOMAIN."""
    served = echo.service(clusterIP="None")
    empty = workbench.service(clusterIP="None", selector={"app": "nobody-has-this-label"})
    with control("headless names are served"):
        eventually(lambda: dns(served.dns_name), resolves)

    lookup = dns(empty.dns_name)

    assert lookup.code == "NXDOMAIN", "the DNS server says that the name does not exist"


@behaviour(
    because="There must be an address record of HOSTNAME.SERVICE for each ready endpoint that has a hostname.",
    fails_under={"dns/no-endpoint-names"},
)
def test_endpoint_with_a_hostname_has_a_name_of_its_own(workbench, dns):
    """HOSTNAME.SERVICE... resolves to the endpoint that has this hostname."""
    name = workbench.name("family")
    pods = workbench.pods(extra={"hostname": "first", "subdomain": name})
    service = pods.service(name=name, clusterIP="None")

    lookup = eventually(lambda: dns(f"first.{service.dns_name}"), resolves, within=Judged.NAMES_RESOLVED)

    assert lookup.records == {pods.pods[0].address}


@behaviour(
    because="The record of HOSTNAME.SERVICE has the address of the endpoint that has this hostname, which may change.",
    fails_under={"dns/stale-endpoint-names"},
)
def test_name_of_an_endpoint_leads_to_the_one_that_has_it_now(workbench, dns):
    """HOSTNAME.SERVICE... leads to the address of a new endpoint once this has the hostname of one that is gone."""
    name = workbench.name("family")
    former, latter = (
        workbench.pods(extra={"hostname": "first", "subdomain": name}),
        workbench.pods(extra={"hostname": "first", "subdomain": name}),
    )
    service = former.service(name=name, clusterIP="None")
    own = f"first.{service.dns_name}"
    eventually(lambda: dns(own), resolves_to(former.pods[0].address), within=Judged.NAMES_RESOLVED)

    service.patch(selector=latter.labels)
    eventually(lambda: dns(own), resolves_to(latter.pods[0].address), within=Judged.NAMES_RESOLVED)


@behaviour(
    because="An SRV record must exist for each named port and ready endpoint, so N times M of them.",
    spec=DNS_SPEC + "#242---srv-records",
    fails_under={"dns/no-srv"},
)
def test_headless_named_port_has_a_srv_record_per_endpoint(echo, dns):
    """A named port of a headless Service has an SRV record for each ready endpoint, with the endpoint's port."""
    service = echo.service(clusterIP="None", ports=[{"name": "web", "port": 80, "targetPort": 8080}])

    lookup = eventually(lambda: dns(f"_web._tcp.{service.dns_name}", "SRV"), has_records_at_least(len(echo.pods)))

    assert len(lookup.records) == len(echo.pods), "there is an SRV record for each endpoint"
    assert {record.split()[2] for record in lookup.records} == {"8080"}, (
        "the SRV records name the port of the endpoints"
    )


@behaviour(
    because="A PTR record must exist from the address of a ready endpoint with a hostname to its name.",
    spec=DNS_SPEC + "#243---ptr-record",
    fails_under={"dns/no-ptr"},
)
def test_endpoint_with_a_hostname_has_a_ptr_record(workbench, dns):
    """The reverse name of an endpoint with a hostname leads to HOSTNAME.SERVICE..."""
    name = workbench.name("family")
    pods = workbench.pods(extra={"hostname": "first", "subdomain": name})
    service = pods.service(name=name, clusterIP="None")

    lookup = eventually(lambda: dns(reverse(pods.pods[0].address), "PTR"), resolves, within=Judged.NAMES_RESOLVED)

    assert lookup.records == {f"first.{service.dns_name}."}


@behaviour(
    level=MAY,
    spec=DNS_SPEC + "#243---ptr-record",
    fails_under={"dns/no-ptr-without-hostname"},
)
def test_endpoint_without_a_hostname_and_its_reverse_name(workbench, dns, record):
    """The address of an endpoint that has no hostname has a PTR record, below the name of its Service, or has none."""
    pods = workbench.pods()
    service = pods.service(clusterIP="None")
    with control("the name of the Service is there"):
        eventually(lambda: dns(service.dns_name), resolves, within=Judged.NAMES_RESOLVED)

    lookup = dns(reverse(pods.pods[0].address), "PTR")

    below = {name for name in lookup.records if name.endswith(f".{service.dns_name}.")}
    record("a name below that of the Service" if below else "no name below that of the Service")


@behaviour(
    because="A PTR record must exist from the address of each ready endpoint with a hostname to its name.",
    spec=DNS_SPEC + "#243---ptr-record",
    fails_under={"dns/one-ptr-for-each-service"},
)
def test_each_endpoint_with_a_hostname_has_a_ptr_record(workbench, dns):
    """The reverse names of two endpoints of one Service lead each to the name of its own."""
    name, label = workbench.name("family"), {"tier": workbench.name("tier")}
    first, second = (
        workbench.pods(labels=label, extra={"hostname": hostname, "subdomain": name}).pods[0]
        for hostname in ("first", "second")
    )
    service = workbench.service(name=name, selector=label, clusterIP="None")

    for hostname, pod in (("first", first), ("second", second)):
        lookup = eventually(partial(dns, reverse(pod.address), "PTR"), resolves, within=Judged.NAMES_RESOLVED)
        assert lookup.records == {f"{hostname}.{service.dns_name}."}
