"""The names of a cluster: which exist, and what they have."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import dns.reversename
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from svcproof.json_objects import Object
from svcproof.lab.client import Key
from svcproof.lab.dns.records import Maker, Record
from svcproof.lab.faults import dns as fault
from svcproof.lab.layout import Layout

SCHEMA = "1.1.0"
"""Version of the specification the names follow."""
LONGEST_CHAIN = 8
"""CNAMEs followed in one answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say to a question.

    `zone` is the zone it was found in, None outside of all of ours; `additional` the addresses of what the records
    point to.
    """

    code: Rcode
    records: tuple[Record, ...] = ()
    zone: Name | None = None
    additional: tuple[Record, ...] = ()


class Zone:
    """Records of all Services, kept by the Service they are of."""

    def __init__(self, layout: Layout, faults: frozenset[str]) -> None:
        self.domain = dns.name.from_text(layout.dns_domain)
        self._maker = Maker(self.domain, faults)
        self._faults = faults
        self._reverse = tuple(
            _reverse_zone(str(whole.network_address), whole.prefixlen)
            for whole in (*layout.service_ranges, *layout.pod_ranges, *layout.node_ranges)
        )
        self._services: dict[Key, tuple[Record, ...]] = {}
        self._names: dict[Name, dict[Record, None]] = {}
        self._stale = False
        self._fixed = () if fault.NO_TXT.name in faults else (self._version(),)

    def set(self, key: Key, service: Object | None, slices: Sequence[Object]) -> None:
        """Take over the state of one Service; None when it was deleted."""
        if key in self._services and fault.STALE_AFTER_UPDATE.name in self._faults and service:
            return
        if service is None and fault.STALE_AFTER_DELETE.name in self._faults:
            return
        records = self._maker.records(service, slices) if service else ()
        if records != self._services.get(key, ()):
            self._services[key] = records
            self._stale = True

    def lookup(self, name: Name, kind: RdataType) -> Answer:
        """Answer a question, CNAMEs followed as far as they stay inside the zone."""
        zone = self._zone_of(name)
        if zone is None:
            return Answer(Rcode.REFUSED)
        found = self._own(name)
        if found is None:
            missing = fault.NODATA_FOR_MISSING.name in self._faults
            return Answer(Rcode.NOERROR if missing else Rcode.NXDOMAIN, zone=zone)
        records = self._follow(name, found, kind)
        if not records and kind is RdataType.AAAA and fault.NXDOMAIN_FOR_AAAA.name in self._faults:
            return Answer(Rcode.NXDOMAIN, zone=zone)
        return Answer(Rcode.NOERROR, tuple(records), zone, tuple(self._targets(records)))

    def _follow(self, name: Name, found: Iterable[Record], kind: RdataType) -> list[Record]:
        chain: list[Record] = []
        owner = name
        for _ in range(LONGEST_CHAIN):
            records = [one for one in found if kind in (one.type, RdataType.ANY)]
            alias = next((one for one in found if one.type is RdataType.CNAME), None)
            if records or alias is None:
                return chain + [Record(owner, one.type, one.data) for one in records]
            chain.append(Record(owner, alias.type, alias.data))
            owner = dns.name.from_text(alias.data)
            if fault.EXTERNAL_NAME_AS_ADDRESS.name in self._faults:
                chain.clear()
                owner = name
            if fault.CNAME_WITHOUT_TARGET.name in self._faults:
                break
            found = self._own(dns.name.from_text(alias.data)) or ()
        return chain

    def _targets(self, records: Iterable[Record]) -> Iterator[Record]:
        """Addresses of the targets of SRV records (RFC 2782)."""
        for one in records:
            if one.type is RdataType.SRV:
                found = self._own(dns.name.from_text(one.data.rpartition(" ")[2])) or ()
                yield from (held for held in found if held.type in (RdataType.A, RdataType.AAAA))

    def _own(self, name: Name) -> Iterable[Record] | None:
        """Records of a name, none of them where only names below it exist; None where there is no such name."""
        if self._stale:
            self._index()
        if fault.CASE_SENSITIVE.name in self._faults and str(name) != str(name).lower():
            return None
        if fault.NAMESPACE_IGNORED.name in self._faults and (found := self._in_any_namespace(name)) is not None:
            return found
        return self._names.get(name)

    def _in_any_namespace(self, name: Name) -> Iterable[Record] | None:
        depth = len(name) - len(self.domain) - 2
        near = (one for one in self._names if len(one) == len(name) and one.labels[:depth] == name.labels[:depth])
        return next((self._names[one] for one in near if depth > 0), None)

    def _index(self) -> None:
        """Sort all records by name; every name above one that exists, up to its zone, exists as well (RFC 8020)."""
        self._names = {}
        for one in (*self._fixed, *(record for records in self._services.values() for record in records)):
            self._names.setdefault(one.name, {})[one] = None
            zone = self._zone_of(one.name)
            above = one.name
            while zone is not None and above != zone:
                above = above.parent()
                self._names.setdefault(above, {})
        self._stale = False

    def _zone_of(self, name: Name) -> Name | None:
        return next((zone for zone in (self.domain, *self._reverse) if name.is_subdomain(zone)), None)

    def _version(self) -> Record:
        self._stale = True
        return Record(dns.name.from_text("dns-version", self.domain), RdataType.TXT, f'"{SCHEMA}"')


def _reverse_zone(address: str, length: int) -> Name:
    """The zone of reverse names of a range, cut at the label at or above its prefix."""
    name = dns.reversename.from_address(address)
    per_label, labels = (8, 4) if "." in address else (4, 32)
    return Name(name.labels[labels - length // per_label :])
