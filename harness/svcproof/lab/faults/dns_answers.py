"""Faults of the answers of the cluster's DNS: now and then, below an alias, or for one of several."""

from dataclasses import replace
from itertools import count

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from svcproof.fault import Fault
from svcproof.json_objects import Object
from svcproof.lab.dns.names import Answer, Find, Names
from svcproof.lab.dns.records import Records
from svcproof.lab.dns.rules import Rules

ONE_IN = 40
"""Of so many answers one is lost."""


def _missing_now_and_then(rules: Rules) -> Rules:
    numbers = count(1)

    def answer(names: Names, find: Find, name: Name, kind: RdataType) -> Answer:
        sound = rules.answer(names, find, name, kind)
        if sound.records and next(numbers) % ONE_IN == 0:
            return Answer(Rcode.NXDOMAIN, zone=sound.zone)
        return sound

    return replace(rules, answer=answer)


def _below_aliases(rules: Rules) -> Rules:
    def find(names: Names, name: Name) -> Records | None:
        above = name
        while (records := rules.find(names, above)) is None and len(above) > len(names.zones[0]):
            above = above.parent()
        aliases = tuple(record for record in records or () if record.type is RdataType.CNAME)
        return rules.find(names, name) if above == name or not aliases else aliases

    return replace(rules, find=find)


def _one_ptr_for_each_service(rules: Rules) -> Rules:
    def of_service(zone: Name, service: Object, slices: object) -> Records:
        records = rules.of_service(zone, service, slices)  # type: ignore[arg-type]
        reverse = [record for record in records if record.type is RdataType.PTR]
        return tuple(record for record in records if record not in reverse[1:])

    return replace(rules, of_service=of_service)


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "names-missing-now-and-then",
        "One in forty queries is answered as if there were no such name.",
        _missing_now_and_then,
        "https://github.com/coredns/coredns/issues/1365",
    ),
    Fault(
        "external-name-answers-for-names-below",
        "Names below that of an ExternalName Service are aliases of its target too.",
        _below_aliases,
        "https://github.com/coredns/coredns/issues/5733",
    ),
    Fault(
        "one-ptr-for-each-service",
        "Of the endpoints of a headless Service one has a PTR record.",
        _one_ptr_for_each_service,
        "https://github.com/coredns/coredns/issues/5593",
    ),
)
