"""Divergences of DNS: a record that is wrong, missing or one too many, by what the API says of the Service."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from svcproof.diagnosis.api_view import ApiView, Dated
from svcproof.diagnosis.case import Case
from svcproof.diagnosis.phrases import listed, seconds
from svcproof.model.divergence import Divergence
from svcproof.model.event import Event
from svcproof.model.probe import Lookup

FAILED = ("TIMEOUT", "ECONNREFUSED", "SERVFAIL", "REFUSED", "EOF")
"""Codes of queries that got no answer about the name."""


def misnamed(case: Case) -> Divergence | None:
    """The DNS server answers otherwise than was expected."""
    lookups = case.lookups or [(event, event.lookup) for event in case.fact.events if event.lookup]
    if not lookups or (case.looks and not _go_past_services(case)):
        return None
    event, lookup = _offending(lookups)
    dated = _service(case.view, lookup)
    whose = f"; {_by_api(case.view, dated, event.last)}" if dated else _unknown(case, lookup)
    both = len({each.tcp for _, each in lookups}) > 1
    over = f" over {'TCP' if lookup.tcp else 'UDP'}" if both or lookup.tcp else ""
    return Divergence(
        sentence=f"the DNS server {lookup.server} {_answer(case.view, lookup, dated)}, asked{over} by {lookup.vantage}"
        f"{f' on {lookup.node}' if lookup.node else ''} for {lookup.type} of {lookup.name}"
        f"{_wanted(case)}{whose if _is_of_service(lookup) else ''}",
        node=lookup.node,
        vantage=lookup.vantage,
        object=f"Service {dated.name}" if dated else f"record {lookup.type} {lookup.name}",
        at=event.at,
    )


def _offending(lookups: Sequence[tuple[Event, Lookup]]) -> tuple[Event, Lookup]:
    """The query to tell of: of those for the name that was asked last, one without an answer if there is any.

    Each vantage's latest query counts, over UDP and over TCP.
    """
    _, asked_last = lookups[-1]
    latest = {
        (lookup.vantage, lookup.tcp): (event, lookup)
        for event, lookup in lookups
        if (lookup.server, lookup.name, lookup.type) == (asked_last.server, asked_last.name, asked_last.type)
    }
    unanswered = [pair for pair in latest.values() if pair[1].code in FAILED]
    return unanswered[-1] if unanswered else lookups[-1]


def _go_past_services(case: Case) -> bool:
    """True if the probes went to what DNS had answered, and to no Service."""
    return not any(case.served(look.target) for look in case.looks)


def _answer(view: ApiView, lookup: Lookup, asked: Dated | None) -> str:
    if lookup.code in FAILED:
        return f"gives no answer ({lookup.code})"
    if lookup.records:
        chain = "" if lookup.type in lookup.types or not lookup.types else f" ({listed(lookup.types)})"
        return f"answers {listed(_with_owner(view, record, asked) for record in lookup.records)}{chain}"
    return (
        "answers that there is no such name (NXDOMAIN)"
        if lookup.code == "NXDOMAIN"
        else f"has no record ({lookup.code})"
    )


def _with_owner(view: ApiView, record: str, asked: Dated | None) -> str:
    """A record; if it is the address of another Service than the one asked for, with that one."""
    owners = {
        f"Service {dated.name} in {dated.state.namespace}"
        for dated in view.existing("Service")
        if record in (dated.spec.get("clusterIPs") or ()) and dated != asked
    }
    return f"{record} ({listed(owners)})" if owners else record


def _wanted(case: Case) -> str:
    """The expectation, where it says more than that there is an answer."""
    words = "" if case.looks else case.expectation.words.removeprefix("the DNS server answers with ")
    return f"; expected: {words}" if words else ""


def _service(view: ApiView, lookup: Lookup) -> Dated | None:
    """The Service that a name is of, or of whose endpoint or port it is; those that are gone count too."""
    labels = lookup.name.lower().split(".")
    if "in-addr" in labels or "ip6" in labels:
        return next(_by_address(view, lookup), None)
    for dated in sorted(view.every("Service"), key=lambda each: each.state.deleted):
        if (dated.name, dated.state.namespace) in pairwise(labels):
            return dated
    return None


def _by_address(view: ApiView, lookup: Lookup) -> Iterator[Dated]:
    """The Services that have the address which a PTR record is of."""
    labels = lookup.name.split(".")
    address = ".".join(reversed(labels[: labels.index("in-addr")])) if "in-addr" in labels else ""
    for dated in view.existing("Service"):
        endpoints = {endpoint.address for endpoint in view.endpoints(dated.state)}
        if address in (dated.spec.get("clusterIPs") or ()) or address in endpoints:
            yield dated


def _by_api(view: ApiView, dated: Dated, at: float) -> str:
    """The addresses, endpoints or other name that the names of a Service lead to by the API."""
    title, spec = f"Service {dated.name}", dated.spec
    if dated.state.deleted:
        return f"{title} was deleted {seconds(max(0.0, at - dated.at))} before"
    if spec.get("type") == "ExternalName":
        return f"{title} is an ExternalName for {spec.get('externalName')}"
    ports = ", ".join(
        f"{port.get('name') or 'unnamed'} {port['port']}/{port.get('protocol', 'TCP')}"
        for port in spec.get("ports") or ()
    )
    addresses = [address for address in spec.get("clusterIPs") or () if address != "None"]
    if addresses:
        several = "ClusterIPs" if len(addresses) > 1 else "ClusterIP"
        return f"{title} has the {several} {listed(addresses)} (ports: {ports})"
    endpoints = view.endpoints(dated.state)
    ready = {f"{endpoint.address} ({view.pod_of(endpoint)})" for endpoint in endpoints if endpoint.ready}
    unready = {f"{endpoint.address} ({view.pod_of(endpoint)})" for endpoint in endpoints if not endpoint.ready}
    text = f"{title} is headless, and its EndpointSlices have {listed(ready) or 'nobody'} ready"
    return text + (f" and {listed(unready)} not ready" if unready else "")


def _is_of_service(lookup: Lookup) -> bool:
    labels = lookup.name.lower().split(".")
    return "svc" in labels or "in-addr" in labels


def _unknown(case: Case, lookup: Lookup) -> str:
    """A clause that there is no such Service, where that is known, and where else there is one."""
    label, *rest = lookup.name.lower().split(".")
    if not {key[1] for key in case.view.history} & set(rest):
        return ""
    places = {dated.state.namespace for dated in case.view.existing("Service") if dated.name == label}
    hint = f", but one in namespace {listed(places)}" if places else ""
    return f"; the API has no Service of that name{hint}"
