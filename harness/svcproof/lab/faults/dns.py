"""Faults of the cluster's DNS: how names can lead astray while every proxy does its work."""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from ipaddress import ip_address

from dns.name import Name
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from svcproof.fault import Fault
from svcproof.json_objects import Object, with_spec
from svcproof.lab.dns.names import Answer, Names, find
from svcproof.lab.dns.records import Record, Records, cluster_ips, is_headless, is_published, name_of
from svcproof.lab.dns.rules import Rules

Mutation = Callable[[Rules], Rules]
Slices = Sequence[Object]
ALIASES = (RdataType.CNAME, RdataType.ANY)


def _each_service(change: Callable[[Object], Object]) -> Mutation:
    """Make records of what `change` makes of a Service."""
    return lambda rules: replace(
        rules, of_service=lambda zone, service, slices: rules.of_service(zone, change(service), slices)
    )


def _each_endpoint(keep: Callable[[Object], bool]) -> Mutation:
    """Make records of those endpoints alone that `keep` admits."""

    def kept(endpoint_slice: Object) -> Object:
        return {**endpoint_slice, "endpoints": list(filter(keep, endpoint_slice.get("endpoints") or ()))}

    return lambda rules: replace(
        rules, of_service=lambda zone, service, slices: rules.of_service(zone, service, list(map(kept, slices)))
    )


def _each_record(change: Callable[[Record], Iterable[Record]]) -> Mutation:
    """Put what `change` makes of a Service's record in its place."""
    return lambda rules: replace(
        rules,
        of_service=lambda zone, service, slices: tuple(
            dict.fromkeys(new for record in rules.of_service(zone, service, slices) for new in change(record))
        ),
    )


def _answering(change: Callable[[Answer, Name, RdataType], Answer]) -> Mutation:
    """Give what `change` makes of the answer to a question."""
    return lambda rules: replace(
        rules, answer=lambda names, find, name, kind: change(rules.answer(names, find, name, kind), name, kind)
    )


def _over(kind: socket.SocketKind) -> Mutation:
    return lambda rules: replace(rules, transports=(kind,))


def _without(kind: RdataType) -> Mutation:
    return _each_record(lambda record: () if record.type is kind else (record,))


def _first_records(before: Records | None, now: Records | None) -> Records:
    """Keep the records of the first time, and of a deleted Service that it has none, also when it is made again."""
    if now is None:
        return ()
    return now if before is None else before


def _next_address(service: Object) -> Object:
    if is_headless(service):
        return service
    return with_spec(service, clusterIPs=[str(ip_address(address) + 1) for address in cluster_ips(service)])


def _external_address(service: Object) -> Object:
    ingress = (service.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    addresses = [entry["ip"] for entry in ingress if entry.get("ip")]
    return with_spec(service, clusterIPs=addresses) if addresses else service


def _target_ports(service: Object) -> Object:
    ports = service["spec"].get("ports") or ()
    numbers = [port["targetPort"] if isinstance(port.get("targetPort"), int) else port["port"] for port in ports]
    return with_spec(service, ports=[{**port, "port": number} for port, number in zip(ports, numbers, strict=True)])


def _address_like_name(record: Record) -> Iterable[Record]:
    target = record.data.removesuffix(".")
    if record.type is RdataType.CNAME and target.replace(".", "").isdigit():
        yield Record(record.name, RdataType.A, target)
    else:
        yield record


def _under_both_protocols(record: Record) -> Iterable[Record]:
    if record.type is not RdataType.SRV:
        yield record
        return
    port, _, *others = record.name.labels
    for protocol in (b"_tcp", b"_udp"):
        yield replace(record, name=Name((port, protocol, *others)))


def _only_first(rules: Rules) -> Rules:
    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        published = [
            {**endpoint_slice, "endpoints": [endpoint]}
            for endpoint_slice in slices
            if endpoint_slice["addressType"] != "FQDN"
            for endpoint in endpoint_slice.get("endpoints") or ()
            if is_published(service, endpoint)
        ]
        return rules.of_service(zone, service, published[:1])

    return replace(rules, of_service=of_service)


def _without_endpoint_names(rules: Rules) -> Rules:
    def of_service(zone: Name, service: Object, slices: Slices) -> Records:
        records = rules.of_service(zone, service, slices)
        own = tuple(record for record in records if record.name == name_of(zone, service))
        return own if is_headless(service) else records

    return replace(rules, of_service=of_service)


def _lower_case_only(names: Names, name: Name) -> Records | None:
    return find(names, name) if str(name) == str(name).lower() else None


def _in_any_namespace(names: Names, name: Name) -> Records | None:
    depth = len(name) - len(names.zones[0]) - 2
    near = (other for other in names.records if len(other) == len(name) and other.labels[:depth] == name.labels[:depth])
    return next((names.records[other] for other in near if depth > 0), find(names, name))


def _no_such_ipv6(answer: Answer, name: Name, kind: RdataType) -> Answer:
    nothing = answer.code is Rcode.NOERROR and not answer.records
    return replace(answer, code=Rcode.NXDOMAIN) if nothing and kind is RdataType.AAAA else answer


def _never_missing(answer: Answer, name: Name, kind: RdataType) -> Answer:
    return replace(answer, code=Rcode.NOERROR) if answer.code is Rcode.NXDOMAIN else answer


def _without_alias(answer: Answer, name: Name, kind: RdataType) -> Answer:
    aliased = any(record.type is RdataType.CNAME for record in answer.records)
    if kind in ALIASES or not aliased:
        return answer
    targets = (record for record in answer.records if record.type is not RdataType.CNAME)
    return replace(answer, records=tuple(replace(record, name=name) for record in targets))


def _alias_alone(answer: Answer, name: Name, kind: RdataType) -> Answer:
    aliased = any(record.type is RdataType.CNAME for record in answer.records)
    return replace(answer, records=answer.records[:1]) if aliased and kind not in ALIASES else answer


def _namespace_lost_with_a_name(rules: Rules) -> Rules:
    lost: set[Name] = set()

    def keep(before: Records | None, now: Records | None) -> Records | None:
        if now is None and before:
            lost.add(before[0].name.parent())
        return rules.keep(before, now)

    def find_kept(names: Names, name: Name) -> Records | None:
        return None if any(name.is_subdomain(namespace) for namespace in lost) else rules.find(names, name)

    return replace(rules, keep=keep, find=find_kept)


FAULTS: tuple[Fault[Rules], ...] = (
    Fault(
        "namespace-lost-with-a-name",
        "When a Service is deleted, the names of all others in its namespace are gone too.",
        _namespace_lost_with_a_name,
    ),
    Fault("no-srv", "There are no SRV records.", _without(RdataType.SRV)),
    Fault("no-ptr", "There are no PTR records.", _without(RdataType.PTR)),
    Fault(
        "no-schema-version",
        "The schema version is not published.",
        lambda rules: replace(rules, of_zone=lambda zone: ()),
    ),
    Fault("no-tcp", "Queries over TCP are not answered.", _over(socket.SOCK_DGRAM)),
    Fault("no-udp", "Queries over UDP are not answered.", _over(socket.SOCK_STREAM)),
    Fault(
        "case-sensitive",
        "Only names in lower case are known.",
        lambda rules: replace(rules, find=_lower_case_only),
    ),
    Fault(
        "nxdomain-for-aaaa",
        "AAAA of a name that has only A records is NXDOMAIN, which makes resolvers give the name up.",
        _answering(_no_such_ipv6),
        "https://github.com/coredns/coredns/issues/2842",
    ),
    Fault(
        "nodata-for-missing",
        "Names that do not exist are answered NOERROR, without records.",
        _answering(_never_missing),
    ),
    Fault(
        "namespace-ignored",
        "A name leads to the first Service that is called so, in whatever namespace.",
        lambda rules: replace(rules, find=_in_any_namespace),
    ),
    Fault(
        "stale-after-delete",
        "Names of deleted Services stay.",
        lambda rules: replace(rules, keep=lambda before, now: before if now is None else now),
    ),
    Fault(
        "stale-after-update",
        "What is answered for a Service is fixed when it is first seen.",
        lambda rules: replace(rules, keep=_first_records),
    ),
    Fault(
        "wrong-cluster-ip",
        "A Service's name leads to the address after its ClusterIP.",
        _each_service(_next_address),
    ),
    Fault(
        "load-balancer-address",
        "The name of a LoadBalancer Service leads to its external address instead of its ClusterIP.",
        _each_service(_external_address),
    ),
    Fault(
        "external-name-as-address",
        "An ExternalName is answered with the address it stands for, without the CNAME.",
        _answering(_without_alias),
    ),
    Fault(
        "address-like-external-name",
        "An ExternalName made of digits and dots is answered as the address it looks like.",
        _each_record(_address_like_name),
    ),
    Fault(
        "cname-without-target",
        "An ExternalName that names a Service is answered with the CNAME alone, not with the address too.",
        _answering(_alias_alone),
    ),
    Fault(
        "unready-in-headless",
        "A headless Service's name leads to endpoints that are not ready, too.",
        _each_service(lambda service: with_spec(service, publishNotReadyAddresses=True)),
    ),
    Fault(
        "published-unready-left-out",
        "Endpoints that are not serving are left out though the Service says publishNotReadyAddresses.",
        _each_endpoint(lambda endpoint: (endpoint.get("conditions") or {}).get("serving") is not False),
    ),
    Fault(
        "headless-only-first",
        "A headless Service's name leads to only one of its endpoints.",
        _only_first,
    ),
    Fault(
        "no-endpoint-names",
        "Endpoints of headless Services have no names of their own.",
        _without_endpoint_names,
    ),
    Fault(
        "srv-with-target-port",
        "SRV records of a ClusterIP Service hold the targetPort, not the port.",
        _each_service(_target_ports),
    ),
    Fault(
        "srv-for-any-protocol",
        "Named ports have their SRV record under _tcp and _udp alike.",
        _each_record(_under_both_protocols),
    ),
)
