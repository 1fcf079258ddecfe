"""From a Service and its EndpointSlices to DNS records: pure functions.

https://github.com/kubernetes/dns/blob/master/docs/specification.md
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import dns.reversename
from dns.name import Name, from_text
from dns.rdatatype import RdataType

from svcproof.json_objects import Object

SCHEMA = "1.1.0"
"""Version of the specification that the names follow."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `data` in presentation form."""

    name: Name
    type: RdataType
    data: str


Records = tuple[Record, ...]


def schema_version(zone: Name) -> Records:
    """The record that names the version of the specification."""
    return (Record(from_text("dns-version", zone), RdataType.TXT, f'"{SCHEMA}"'),)


def service_records(zone: Name, service: Object, slices: Sequence[Object]) -> Records:
    """All records that there are because of one Service."""
    spec, name = service["spec"], name_of(zone, service)
    if spec.get("type") == "ExternalName":
        return (Record(name, RdataType.CNAME, spec["externalName"].rstrip(".") + "."),)
    records = _headless(name, service, slices) if is_headless(service) else _with_address(name, service)
    return tuple(dict.fromkeys(records))


def name_of(zone: Name, service: Object) -> Name:
    """<service>.<namespace>.svc.<zone>"""
    metadata = service["metadata"]
    return from_text(f"{metadata['name']}.{metadata['namespace']}.svc", zone)


def is_headless(service: Object) -> bool:
    """True if the Service was made without a ClusterIP on purpose."""
    return bool(service["spec"].get("clusterIP") == "None")


def is_published(service: Object, endpoint: Object) -> bool:
    """True if a headless Service's name leads to the endpoint.

    Ready that is not set counts as ready: https://kubernetes.io/docs/reference/kubernetes-api/ of EndpointSlice.
    """
    ready = (endpoint.get("conditions") or {}).get("ready") is not False
    return ready or bool(service["spec"].get("publishNotReadyAddresses"))


def cluster_ips(service: Object) -> list[str]:
    """The Service's ClusterIPs, the primary one first."""
    spec = service["spec"]
    return list(spec.get("clusterIPs") or ([spec["clusterIP"]] if spec.get("clusterIP") else []))


def _with_address(name: Name, service: Object) -> Iterator[Record]:
    for address in cluster_ips(service):
        yield Record(name, _kind(address), address)
        yield Record(dns.reversename.from_address(address), RdataType.PTR, str(name))
    for port in service["spec"].get("ports") or ():
        yield from _srv(name, port, name)


def _headless(name: Name, service: Object, slices: Sequence[Object]) -> Iterator[Record]:
    for endpoint_slice in slices:
        if endpoint_slice["addressType"] == "FQDN":
            continue
        for endpoint in endpoint_slice.get("endpoints") or ():
            if is_published(service, endpoint):
                for address in endpoint["addresses"]:
                    yield from _of_endpoint(name, endpoint_slice, endpoint, address)


def _of_endpoint(name: Name, endpoint_slice: Object, endpoint: Object, address: str) -> Iterator[Record]:
    """The records of one address; an endpoint without a hostname is named after its address."""
    own = from_text(endpoint.get("hostname") or address.replace(".", "-").replace(":", "-"), name)
    yield Record(name, _kind(address), address)
    yield Record(own, _kind(address), address)
    yield Record(dns.reversename.from_address(address), RdataType.PTR, str(own))
    for port in endpoint_slice.get("ports") or ():
        if port.get("port"):
            yield from _srv(name, port, own)


def _srv(name: Name, port: Object, target: Name) -> Iterator[Record]:
    """The SRV record of a named port; an unnamed one has none."""
    if port.get("name"):
        owner = from_text(f"_{port['name']}._{port.get('protocol', 'TCP').lower()}", name)
        yield Record(owner, RdataType.SRV, f"0 100 {port['port']} {target}")


def _kind(address: str) -> RdataType:
    return RdataType.A if ip_address(address).version == 4 else RdataType.AAAA
