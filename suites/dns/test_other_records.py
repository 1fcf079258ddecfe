"""Records besides addresses: SRV, PTR, the schema's version."""

from svcproof import DNS, MUST, Capability, behaviours, control, eventually, resolves

from ..clauses import DNS_SPEC
from ..families import reverse

TWO_PORTS = [
    {"name": "web", "port": 80, "targetPort": 8080},
    {"name": "names", "port": 53, "targetPort": 5353, "protocol": "UDP"},
]
behaviour = behaviours(by=DNS, level=MUST, spec=DNS_SPEC + "#232---srv-records", requires={Capability.CLUSTER_DNS})


@behaviour(
    because="A named port must have an SRV record under its name and protocol, with its number and its Service.",
    fails_under={"dns/no-srv", "dns/srv-with-target-port"},
)
def test_named_port_has_a_srv_record(echo, dns):
    """_PORT._PROTOCOL.SERVICE... has an SRV record with the Service's port and name."""
    service = echo.service(ports=TWO_PORTS)
    eventually(lambda: dns(service.dns_name), resolves)

    web, names = (dns(f"_{port}.{service.dns_name}", "SRV") for port in ("web._tcp", "names._udp"))

    assert [record.split()[2:] for record in web.records] == [["80", service.dns_name + "."]], (
        "the SRV record names the port and the Service"
    )
    assert [record.split()[2:] for record in names.records] == [["53", service.dns_name + "."]], (
        "the SRV record names the port and the Service"
    )


@behaviour(
    because="The protocol in the name of an SRV record is the one that the port is served over.",
    fails_under={"dns/srv-for-any-protocol"},
)
def test_port_has_no_srv_record_under_another_protocol(echo, dns):
    """A TCP port has no SRV record under _udp."""
    service = echo.service(ports=TWO_PORTS)
    with control("the port has its record"):
        eventually(lambda: dns(f"_web._tcp.{service.dns_name}", "SRV"), resolves)

    lookup = dns(f"_web._udp.{service.dns_name}", "SRV")

    assert lookup.records == frozenset()


@behaviour(
    because="A PTR record must exist from a ClusterIP to the name of its Service.",
    spec=DNS_SPEC + "#233---ptr-record",
    fails_under={"dns/no-ptr"},
)
def test_cluster_ip_has_a_ptr_record(echo, dns):
    """The reverse name of a ClusterIP leads to the Service's name."""
    service = echo.service()

    lookup = eventually(lambda: dns(reverse(service.cluster_ip), "PTR"), resolves)

    assert lookup.records == {service.dns_name + "."}


@behaviour(
    because="There must be a TXT record at this name with the semantic version of the schema in use.",
    spec=DNS_SPEC + "#22---record-for-schema-version",
    fails_under={"dns/no-schema-version"},
)
def test_schema_version_is_published(cluster, dns):
    """dns-version.DOMAIN has a TXT record with the version of the schema that is served."""
    lookup = dns(f"dns-version.{cluster.spec.dns_domain}", "TXT")

    assert {record.strip('"').count(".") for record in lookup.records} == {2}, (
        "the version has three numbers with two dots"
    )
