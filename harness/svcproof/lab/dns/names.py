"""The names that exist, and the answers to questions about them: pure functions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import dns.name
from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from svcproof.lab.dns.records import Record, Records

LONGEST_CHAIN = 8
"""CNAMEs followed in one answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    `zone` is the zone the name is in, None outside of all of ours; `additional` the addresses of what the records
    point to.
    """

    code: Rcode
    records: Records = ()
    zone: Name | None = None
    additional: Records = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The zones that are served, the cluster's domain first, and the records of each name in them."""

    zones: tuple[Name, ...]
    records: Mapping[Name, Records]

    def zone_of(self, name: Name) -> Name | None:
        """Return the zone that a name is in, None outside of all."""
        return next((zone for zone in self.zones if name.is_subdomain(zone)), None)


Find = Callable[[Names, Name], Records | None]
"""Returns the records of a name, none of them where only names below it exist; None where there is no such name."""


def indexed(zones: tuple[Name, ...], records: Iterable[Record]) -> Names:
    """Sort records by name; every name above one that exists, up to its zone, exists as well (RFC 8020)."""
    by_name: dict[Name, list[Record]] = {}
    names = Names(zones, {})
    for record in dict.fromkeys(records):
        by_name.setdefault(record.name, []).append(record)
        zone, above = names.zone_of(record.name), record.name
        while zone is not None and above != zone:
            above = above.parent()
            by_name.setdefault(above, [])
    return Names(zones, {name: tuple(several) for name, several in by_name.items()})


def find(names: Names, name: Name) -> Records | None:
    """Return what a name has, in whatever case it is written."""
    return names.records.get(name)


def answer(names: Names, find: Find, name: Name, kind: RdataType) -> Answer:
    """Answer a question, CNAMEs followed as far as they stay inside the zones."""
    zone = names.zone_of(name)
    if zone is None:
        return Answer(Rcode.REFUSED)
    own = find(names, name)
    if own is None:
        return Answer(Rcode.NXDOMAIN, zone=zone)
    records = tuple(_chain(names, find, name, own, kind))
    return Answer(Rcode.NOERROR, records, zone, tuple(_targets(names, find, records)))


def _chain(names: Names, find: Find, owner: Name, own: Records, kind: RdataType) -> Iterator[Record]:
    """The records of this kind, after the CNAMEs that lead to them."""
    for _ in range(LONGEST_CHAIN):
        records = [record for record in own if kind in (record.type, RdataType.ANY)]
        alias = next((record for record in own if record.type is RdataType.CNAME), None)
        if records or alias is None:
            yield from (Record(owner, record.type, record.data) for record in records)
            return
        yield Record(owner, alias.type, alias.data)
        owner = dns.name.from_text(alias.data)
        own = find(names, owner) or ()


def _targets(names: Names, find: Find, records: Records) -> Iterator[Record]:
    """Addresses of the targets of SRV records (RFC 2782)."""
    for record in records:
        if record.type is RdataType.SRV:
            own = find(names, dns.name.from_text(record.data.rpartition(" ")[2])) or ()
            yield from (address for address in own if address.type in (RdataType.A, RdataType.AAAA))
