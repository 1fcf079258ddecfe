"""Faults of the answers of the cluster's DNS: now and then, below an alias, or for some Services and endpoints."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType
from dns.reversename import from_address

from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.dns.names import Answer, Find, Names
from svcproof.lab.dns.records import Record, Records, is_headless, name_of
from svcproof.lab.dns.rules import Rules

Mutation = Callable[[Rules], Rules]
Slices = Sequence[Object]
ADDRESSES = (RdataType.A, RdataType.AAAA)
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


def _of_services(shown: Callable[[Object, Slices], bool]) -> Mutation:
    """Make records of those Services alone that are shown."""

    def apply(rules: Rules) -> Rules:
        def of_service(zone: Name, service: Object, slices: Slices) -> Records:
            return rules.of_service(zone, service, slices) if shown(service, slices) else ()

        return replace(rules, of_service=of_service)

    return apply


def _is_alias(service: Object) -> bool:
    return bool(service["spec"].get("type") == "ExternalName")


def _has_ready_endpoints(slices: Slices) -> bool:
    return any((endpoint.get("conditions") or {}).get("ready") is not False for endpoint in _endpoints(slices))


def _endpoints(slices: Slices) -> Iterator[Object]:
    return (endpoint for endpoint_slice in slices for endpoint in endpoint_slice.get("endpoints") or ())


def _by_the_field(rules: Rules) -> Rules:
    """Take every Service that has an externalName for an alias."""

    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        kind = "ExternalName" if service["spec"].get("externalName") else service["spec"].get("type")
        return rules.of_service(zone, with_spec(service, type=kind), slices)

    return replace(rules, of_service=of_service)


def _no_ptr_without_hostname(rules: Rules) -> Rules:
    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        nameless = {address for end in _endpoints(slices) if not end.get("hostname") for address in end["addresses"]}
        reverse = {from_address(address) for address in nameless} if is_headless(service) else set()
        records = rules.of_service(zone, service, slices)
        return tuple(record for record in records if record.name not in reverse)

    return replace(rules, of_service=of_service)


def _first_address_of_each_name(rules: Rules) -> Rules:
    """Give an endpoint's own name the address for ever that it had first."""
    first: dict[tuple[Name, RdataType], Record] = {}

    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        records = rules.of_service(zone, service, slices)
        own = [record for record in records if record.type in ADDRESSES and record.name != name_of(zone, service)]
        for record in own:
            first.setdefault((record.name, record.type), record)
        return tuple(first[record.name, record.type] if record in own else record for record in records)

    return replace(rules, of_service=of_service)


def _one_ptr_for_each_service(rules: Rules) -> Rules:
    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        records = rules.of_service(zone, service, slices)
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
    Fault(
        "no-ptr-without-hostname",
        "Endpoints that have no hostname have no PTR record.",
        _no_ptr_without_hostname,
        "https://github.com/coredns/coredns/pull/7180",
    ),
    Fault(
        "stale-endpoint-names",
        "The name of an endpoint that has a hostname leads to the address that it had first.",
        _first_address_of_each_name,
        "https://github.com/coredns/coredns/issues/3432",
    ),
    Fault(
        "alias-by-leftover-field",
        "A Service that has an externalName is an alias of it, whatever its type.",
        _by_the_field,
        "https://github.com/coredns/coredns/pull/1246",
    ),
    Fault(
        "external-name-hidden-as-empty",
        "An ExternalName Service has no name, since it has no endpoints.",
        _of_services(lambda service, slices: not _is_alias(service)),
        "https://github.com/coredns/coredns/issues/2688",
    ),
    Fault(
        "services-without-endpoints-hidden",
        "A Service without ready endpoints has no name.",
        _of_services(lambda service, slices: _is_alias(service) or _has_ready_endpoints(slices)),
    ),
)
