"""From a Service and its EndpointSlices to DNS records: a pure function.

https://github.com/kubernetes/dns/blob/master/docs/specification.md
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import dns.reversename
from dns.name import Name, from_text
from dns.rdatatype import RdataType

from svcproof.json_objects import Object
from svcproof.lab.faults import dns as fault


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `data` in presentation form."""

    name: Name
    type: RdataType
    data: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the records of Services in a zone."""

    zone: Name
    faults: frozenset[str]

    def records(self, service: Object, slices: Sequence[Object]) -> tuple[Record, ...]:
        """All records there are because of one Service."""
        found = self._records(service, slices)
        unwanted = {
            kind
            for kind, lost in ((RdataType.SRV, fault.NO_SRV), (RdataType.PTR, fault.NO_PTR))
            if lost.name in self.faults
        }
        return tuple(dict.fromkeys(one for one in found if one.type not in unwanted))

    def name_of(self, service: Object) -> Name:
        """<service>.<namespace>.svc.<zone>"""
        metadata = service["metadata"]
        return from_text(f"{metadata['name']}.{metadata['namespace']}.svc", self.zone)

    def _records(self, service: Object, slices: Sequence[Object]) -> Iterator[Record]:
        spec = service["spec"]
        name = self.name_of(service)
        if spec.get("type") == "ExternalName":
            yield self._alias(name, spec["externalName"])
        elif spec.get("clusterIP") == "None":
            yield from self._headless(name, service, slices)
        else:
            yield from self._with_address(name, service)

    def _alias(self, name: Name, target: str) -> Record:
        if fault.EXTERNAL_ADDRESS_LIKE_NAME.name in self.faults and target.replace(".", "").isdigit():
            return Record(name, RdataType.A, target)
        return Record(name, RdataType.CNAME, target.rstrip(".") + ".")

    def _with_address(self, name: Name, service: Object) -> Iterator[Record]:
        spec = service["spec"]
        for address in self._addresses(service):
            yield Record(name, _kind(address), address)
            yield Record(dns.reversename.from_address(address), RdataType.PTR, str(name))
        for port in spec.get("ports") or ():
            number = port["port"]
            if fault.SRV_WITH_TARGET_PORT.name in self.faults and isinstance(port.get("targetPort"), int):
                number = port["targetPort"]
            yield from self._srv(name, port, number, name)

    def _addresses(self, service: Object) -> Iterable[str]:
        spec = service["spec"]
        addresses = spec.get("clusterIPs") or ([spec["clusterIP"]] if spec.get("clusterIP") else [])
        if fault.EXTERNAL_ADDRESS.name in self.faults:
            ingress = (service.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
            addresses = [one["ip"] for one in ingress if one.get("ip")] or addresses
        if fault.WRONG_CLUSTER_IP.name in self.faults:
            addresses = [str(ip_address(one) + 1) for one in addresses]
        return addresses

    def _headless(self, name: Name, service: Object, slices: Sequence[Object]) -> Iterator[Record]:
        endpoints = [
            (existing, one)
            for existing in slices
            if existing["addressType"] != "FQDN"
            for one in existing.get("endpoints") or ()
            if self._is_ready(service, one)
        ]
        if fault.HEADLESS_ONLY_FIRST.name in self.faults:
            endpoints = endpoints[:1]
        for existing, one in endpoints:
            for address in one["addresses"]:
                yield from self._endpoint(name, existing, one, address)

    def _endpoint(self, name: Name, existing: Object, one: Object, address: str) -> Iterator[Record]:
        """The records of one address; an endpoint without a hostname is named after its address."""
        own = from_text(one.get("hostname") or address.replace(".", "-").replace(":", "-"), name)
        yield Record(name, _kind(address), address)
        if fault.NO_ENDPOINT_NAMES.name in self.faults:
            return
        yield Record(own, _kind(address), address)
        yield Record(dns.reversename.from_address(address), RdataType.PTR, str(own))
        for port in existing.get("ports") or ():
            if port.get("port"):
                yield from self._srv(name, port, port["port"], own)

    def _is_ready(self, service: Object, endpoint: Object) -> bool:
        conditions = endpoint.get("conditions") or {}
        if fault.PUBLISHED_UNREADY_LEFT_OUT.name in self.faults and conditions.get("serving") is False:
            return False
        published = service["spec"].get("publishNotReadyAddresses") or fault.UNREADY_IN_HEADLESS.name in self.faults
        # Ready that is not set counts as ready: https://kubernetes.io/docs/reference/kubernetes-api/ of EndpointSlice.
        return bool(published) or conditions.get("ready") is not False

    def _srv(self, name: Name, port: Object, number: int, target: Name) -> Iterator[Record]:
        """The SRV record of a named port; an unnamed one has none."""
        protocols = [port.get("protocol", "TCP").lower()]
        if fault.SRV_FOR_ANY_PROTOCOL.name in self.faults:
            protocols = ["tcp", "udp"]
        for protocol in protocols if port.get("name") else ():
            owner = from_text(f"_{port['name']}._{protocol}", name)
            yield Record(owner, RdataType.SRV, f"0 100 {number} {target}")


def _kind(address: str) -> RdataType:
    return RdataType.A if ip_address(address).version == 4 else RdataType.AAAA
