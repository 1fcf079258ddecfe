"""The reasons for which a pod should not answer at a Service, by what the API server had and the check changed."""

from collections.abc import Iterator, Sequence

from svcproof.diagnosis.api_view import OWNER, Dated, endpoints_in, ingress, labels
from svcproof.diagnosis.case import Case, Look
from svcproof.diagnosis.phrases import listed, seconds, server
from svcproof.diagnosis.served import Served, is_within, local_only, port_endpoints
from svcproof.model.event import Change, Verb

PROXY_NAME = "service.kubernetes.io/service-proxy-name"
WORDS = {
    Verb.DELETE: "deleted",
    Verb.UNREADY: "made not ready",
    Verb.READY: "made ready",
    Verb.UNSERVE: "whose port was closed",
}


def why_not(case: Case, look: Look, match: Served | None, name: str) -> str:
    """The reason for which this pod should not have answered; empty where none is known."""
    return next(_reasons(case, look, match, name), "")


def _reasons(case: Case, look: Look, match: Served | None, name: str) -> Iterator[str]:
    if match is not None and match.until is not None:
        yield f"though the API has had no such {match.door} of {match.title} for {seconds(look.last - match.until)}"
    for at, change in reversed(case.changes):
        if (change.kind, change.name) == ("Pod", name) and change.verb in (Verb.DELETE, Verb.UNREADY):
            yield f"{WORDS[change.verb]} {seconds(look.last - at)} before"
    if match is None:
        owners = [dated.name for dated in case.view.existing("Service") if look.target.address in _addresses(dated)]
        yield f"though Service {listed(owners)} has no such port" if owners else ""
        return
    yield from _by_endpoint(case, look, match, name)
    yield from _by_service(case, look, match, name)


def _addresses(service: Dated) -> tuple[str, ...]:
    """The addresses that are a Service's own."""
    spec = service.spec
    return (*(spec.get("clusterIPs") or ()), *(spec.get("externalIPs") or ()), *ingress(service))


def _by_endpoint(case: Case, look: Look, match: Served, name: str) -> Iterator[str]:
    endpoints = [each for each in port_endpoints(case.view, match) if case.view.pod_of(each) == name]
    if not endpoints:
        owners = [
            dated.name
            for dated in case.view.existing("Service")
            if any(case.view.pod_of(each) == name for each in case.view.endpoints(dated.state))
        ]
        belongs = f", but those of Service {listed(owners)} do" if owners else ""
        when = _left(case, look, match, name)
        yield f"which no EndpointSlice of {match.title} {when or f'names{belongs}'}"
        return
    endpoint = endpoints[0]
    if endpoint.terminating:
        yield f"which EndpointSlice {endpoint.slice} says is terminating"
    if not endpoint.ready:
        yield f"which EndpointSlice {endpoint.slice} says is not ready"
    node = server(case, look)
    if (policy := local_only(match, inside=bool(look.node))) and node and endpoint.node != node:
        yield f"though its {policy} keeps to endpoints on {node}"
    zones = {place.name: place.zone for place in case.view.nodes}
    if (zone := zones.get(node)) and match.service.spec.get("trafficDistribution"):
        yield f"though {match.service.spec['trafficDistribution']} keeps clients of {node} to {zone}"


def _by_service(case: Case, look: Look, match: Served, name: str) -> Iterator[str]:
    if proxy := labels(match.service.state).get(PROXY_NAME):
        yield f"though {match.title} is labelled for another proxy, {proxy}"
    ranges = match.service.spec.get("loadBalancerSourceRanges") or ()
    addresses = case.view.addresses(look.vantage)
    if match.door == "load balancer address" and ranges and not any(is_within(each, ranges) for each in addresses):
        others = [dated.name for dated in case.view.existing("Service") if _admits(dated, addresses)]
        but = f", but in those of Service {listed(others)}" if others else ""
        yield f"though {' and '.join(addresses)} is not in its loadBalancerSourceRanges {', '.join(ranges)}{but}"
    affinity = match.service.spec.get("sessionAffinity") == "ClientIP"
    if affinity and len(within := case.expectation.within or ()) == 1:
        yield f"though its sessionAffinity, ClientIP, keeps {look.vantage} with {listed(within)}"
    if affinity and name in case.expectation.not_by:
        config = (match.service.spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        yield f"though its sessionAffinity, ClientIP, lasts for {config.get('timeoutSeconds', 10800)} s alone"
    if (last := last_change(case, match)) is not None:
        at, words = last
        yield f"though {words} {seconds(look.last - at)} before"


def _admits(service: Dated, addresses: Sequence[str]) -> bool:
    """True if a Service has source ranges with one of these addresses in them."""
    ranges = service.spec.get("loadBalancerSourceRanges") or ()
    return any(is_within(address, ranges) for address in addresses)


def last_change(case: Case, match: Served | None) -> tuple[float, str] | None:
    """The last change that the check made to the Service after its creation, or else to anything."""
    for at, change in reversed(case.changes):
        kind = change.kind.rpartition(" ")[2]
        if match and (kind, change.name) == ("Service", match.service.name) and change.verb is not Verb.CREATE:
            return at, "one of its name was deleted" if change.verb is Verb.DELETE else f"its {keys(change)} changed"
    for at, change in reversed(case.changes):
        if change.verb is not Verb.CREATE:
            kind = change.kind.rpartition(" ")[2]
            return at, f"the last change was: {change.verb} {kind} {change.name},"
    return None


def keys(change: Change) -> str:
    """The fields that a patch names."""
    if isinstance(change.sent, dict):
        parts = [change.sent.get(part) for part in ("spec", "status", "metadata")]
        return ", ".join(key for part in parts if isinstance(part, dict) for key in part) or change.verb
    return change.verb


def _left(case: Case, look: Look, match: Served, name: str) -> str:
    """For how long no EndpointSlice of the Service has had the pod; empty where none ever had."""
    states = [
        (dated.at, name in {endpoint.pod for endpoint in endpoints_in(dated.state)})
        for key, several in case.view.history.items()
        if key[0] == "EndpointSlice" and labels(several[-1].state).get(OWNER) == match.service.name
        for dated in several
    ]
    had = [at for at, has in states if has]
    without = [at for at, has in states if not has and had and at > max(had)]
    return f"has named for {seconds(look.last - min(without))}" if without else ""
