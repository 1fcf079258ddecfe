"""Faults of memory: a Service is taken for what it was before."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import select_only
from svcproof.reference_proxy.faults.recall import Slices, never_changing, recalling, recalling_slices
from svcproof.reference_proxy.selection import OTHER_PROXY
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Service, Slice, State

LATE = 30.0
"""Seconds for which endpoints that are gone are used."""
SUCCESSION = 5.0
"""Seconds between changes of one Service's endpoints, for a proxy that gathers: dozens may be seen as two."""
BURST = 1.0
"""Seconds within which Services are made in quick succession."""


def _never_twice(stages: Stages) -> Stages:
    known: set[str] = set()
    buried: set[str] = set()

    def select(state: State) -> State:
        buried.update(known - {service.key for service in state.services})
        known.update(service.key for service in state.services)
        return select_only(stages, lambda service: service.key not in buried, state)

    return replace(stages, select=select)


def _starting_with_these(stages: Stages) -> Stages:
    known: set[str] | None = None

    def select(state: State) -> State:
        nonlocal known
        if known is None:
            known = {service.key for service in state.services}
        return select_only(stages, lambda service: service.key in (known or ()), state)

    return replace(stages, select=select)


def _bursts() -> Callable[[State], set[str]]:
    """A function that returns the keys of all Services so far that were made soon after another."""
    first_seen: dict[str, float] = {}
    in_bursts: set[str] = set()

    def known(state: State) -> set[str]:
        now, latest = monotonic(), max(first_seen.values(), default=None)
        for service in state.services:
            if service.key not in first_seen and latest is not None and now - latest < BURST:
                in_bursts.add(service.key)
            first_seen.setdefault(service.key, now)
        return in_bursts

    return known


def _losing_bursts(stages: Stages) -> Stages:
    bursts = _bursts()

    def select(state: State) -> State:
        lost = bursts(state)
        return select_only(stages, lambda service: service.key not in lost, state)

    return replace(stages, select=select)


def _losing_endpoints_of_bursts(stages: Stages) -> Stages:
    """Of the endpoints of a Service that is made soon after another, know the first alone."""
    bursts = _bursts()

    def select(state: State) -> State:
        cut = bursts(state)
        slices = {key: tuple(map(_first_of, parts)) if key in cut else parts for key, parts in state.slices.items()}
        return stages.select(replace(state, slices=slices))

    return replace(stages, select=select)


def _first_of(part: Slice) -> Slice:
    first = part.endpoints[0][2].address if part.endpoints else ""
    return replace(part, endpoints=tuple(entry for entry in part.endpoints if entry[2].address == first))


def _external_ips(before: Service, now: Service) -> Service:
    return replace(now, external_ips=tuple(dict.fromkeys(now.external_ips + before.external_ips)))


def _same_count(before: Slices, now: Slices) -> Slices:
    old_count, new_count = (sum(len(part.endpoints) for part in slices) for slices in (before, now))
    return before if old_count == new_count else now


def _only_known(before: Slices, now: Slices) -> Slices:
    def places(slices: Slices) -> set[tuple[str, str, str, int]]:
        return {(name, proto, end.address, end.port) for part in slices for name, proto, end in part.endpoints}

    known = places(before) or places(now)
    return tuple(
        replace(
            part,
            endpoints=tuple(
                (name, protocol, end)
                for name, protocol, end in part.endpoints
                if (name, protocol, end.address, end.port) in known
            ),
        )
        for part in now
    )


def _old_ports(before: Slices, now: Slices) -> Slices:
    addresses = {endpoint.address for part in now for _, _, endpoint in part.endpoints}
    known = {(endpoint.address, endpoint.port) for part in now for _, _, endpoint in part.endpoints}
    kept = tuple(
        replace(part, endpoints=old)
        for part in before
        if (
            old := tuple(
                entry
                for entry in part.endpoints
                if entry[2].address in addresses and (entry[2].address, entry[2].port) not in known
            )
        )
    )
    return now + kept


def _losing_the_last_of_many(stages: Stages) -> Stages:
    """Miss a change of a Service's EndpointSlices that comes within a short time after another, which many do."""
    known: dict[str, Slices] = {}
    told: dict[str, Slices] = {}
    changed: dict[str, float] = {}

    def select(state: State) -> State:
        for service, slices in state.slices.items():
            if slices != told.get(service):
                told[service] = slices
                before, changed[service] = changed.get(service, -SUCCESSION), monotonic()
                known[service] = slices if changed[service] - before >= SUCCESSION else known[service]
        return stages.select(replace(state, slices={key: known[key] for key in state.slices}))

    return replace(stages, select=select)


def _removing_late(stages: Stages) -> Stages:
    """Go on using endpoints that are gone for half a minute."""
    seen: dict[str, dict[Slice, float]] = {}

    def select(state: State) -> State:
        now = monotonic()
        for service, slices in state.slices.items():
            seen.setdefault(service, {}).update(dict.fromkeys(slices, now))
        late = {
            service: tuple(part for part, moment in seen[service].items() if now - moment < LATE)
            for service in state.slices
        }
        return stages.select(replace(state, slices=late))

    return replace(stages, select=select)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "created-service-not-served",
        "Only Services that were there when the proxy started are served.",
        _starting_with_these,
    ),
    Fault(
        "burst-create-subset-of-services",
        "Of Services made in quick succession only the first is served.",
        _losing_bursts,
        "https://github.com/kubernetes-retired/kpng/issues/8",
    ),
    Fault(
        "burst-create-subset-of-endpoints",
        "Services made in quick succession have but one endpoint each.",
        _losing_endpoints_of_bursts,
        "https://github.com/kubernetes-retired/kpng/issues/8",
    ),
    Fault(
        "endpoints-never-added",
        "Once a Service has endpoints, no others are added.",
        recalling_slices(_only_known),
    ),
    Fault(
        "missed-watch-event-never-reconciled",
        "Once a Service has endpoints, changes of them are missed.",
        recalling_slices(lambda before, now: before if any(part.endpoints for part in before) else now),
        "https://github.com/kubernetes/kubernetes/issues/28674",
    ),
    Fault(
        "externalname-to-clusterip-dead",
        "A Service that once was an ExternalName is never served.",
        recalling(lambda before, now: before if before.type == "ExternalName" else now),
        "https://github.com/kubernetes/kubernetes/issues/105986",
    ),
    Fault(
        "proxy-name-label-removal-missed",
        "A Service once labelled for another proxy stays unserved when the label is gone.",
        recalling(lambda before, now: replace(now, labels=now.labels | before.labels & {OTHER_PROXY})),
        "https://github.com/kubernetes/kubernetes/issues/98577",
    ),
    Fault(
        "affinity-toggle-ignored",
        "A change of sessionAffinity on a live Service is not noticed.",
        never_changing("affinity"),
        "https://github.com/cilium/cilium/pull/13271",
    ),
    Fault(
        "itp-flip-ignored",
        "A change of internalTrafficPolicy on a live Service is not noticed.",
        never_changing("internal_policy"),
    ),
    Fault(
        "lbsr-edit-ignored",
        "A change of loadBalancerSourceRanges on a live Service is not noticed.",
        never_changing("source_ranges"),
        "https://github.com/kubernetes/kubernetes/issues/33033",
    ),
    Fault(
        "externalip-removed-still-served",
        "An address taken out of externalIPs is served further.",
        recalling(_external_ips),
        "https://github.com/cloudnativelabs/kube-router/pull/830",
    ),
    Fault(
        "lb-vip-survives-type-change",
        "A load balancer's address is served further when the Service is of another type.",
        recalling(
            lambda before, now: replace(now, load_balancer_ips=now.load_balancer_ips or before.load_balancer_ips)
        ),
        "https://github.com/metallb/metallb/issues/190",
    ),
    Fault(
        "lb-recreate-same-name-fails",
        "A Service made anew under the name of a deleted one is not served.",
        _never_twice,
        "https://github.com/loxilb-io/kube-loxilb/pull/20",
    ),
    Fault(
        "lb-never-removes-endpoints",
        "Endpoints are added, never removed.",
        recalling_slices(lambda before, now: tuple(dict.fromkeys(now + before))),
        "https://github.com/loxilb-io/kube-loxilb/issues/184",
    ),
    Fault(
        "same-count-means-unchanged",
        "Endpoints replaced by as many others go unnoticed.",
        recalling_slices(_same_count),
        "https://github.com/kubernetes/kubernetes/issues/113524",
    ),
    Fault(
        "targetport-edit-keeps-old-backends",
        "When endpoints listen elsewhere, their old ports stay in use.",
        recalling_slices(_old_ports),
        "https://github.com/cloudnativelabs/kube-router/issues/841",
    ),
    Fault(
        "endpoint-removal-lags",
        "New connections still go to endpoints that have been gone for half a minute.",
        _removing_late,
        "https://github.com/cilium/cilium/issues/48271",
    ),
    Fault(
        "last-of-many-changes-missed",
        "Where the endpoints of a Service change many times in a second, the last changes are missed.",
        _losing_the_last_of_many,
        "https://github.com/kubernetes/kubernetes/issues/99299",
    ),
)
