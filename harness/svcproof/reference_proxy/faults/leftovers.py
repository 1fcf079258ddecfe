"""Faults of change: a node goes on to answer for what it answered for before, or never does again."""

from collections.abc import Callable
from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Choose, Endpoints
from svcproof.reference_proxy.family import Family
from svcproof.reference_proxy.faults.mutation import Mutation, serving
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State

Destination = tuple[str, str, int]
Review = Callable[[Frontends, Frontends, State], Frontends]


def _reviewing(review: Review) -> Mutation:
    """Serve what `review` makes of the frontends served last, and those of now."""

    def apply(stages: Stages) -> Stages:
        last: dict[Family, Frontends] = {}

        def frontends(state: State, family: Family, choose: Choose) -> Frontends:
            now = stages.frontends(state, family, choose)
            last[family] = review(last.get(family, ()), now, state)
            return last[family]

        return replace(stages, frontends=frontends)

    return apply


def _keeping(keep: Callable[[Frontend, Frontends, State], bool]) -> Mutation:
    """Go on serving those that are gone of which `keep` says so."""

    def review(before: Frontends, now: Frontends, state: State) -> Frontends:
        taken = {_destination(frontend) for frontend in now}
        return now + tuple(
            frontend for frontend in before if _destination(frontend) not in taken and keep(frontend, now, state)
        )

    return _reviewing(review)


def _destination(frontend: Frontend) -> Destination:
    return frontend.address, frontend.protocol, frontend.port


def _deleted(frontend: Frontend, now: Frontends, state: State) -> bool:
    return all(service.key != frontend.service for service in state.services)


def _deleted_on_some(frontend: Frontend, now: Frontends, state: State) -> bool:
    """Miss what is gone, be it the Service or its port, on every other node."""
    return ord(state.node.name[-1]) % 2 == 0


def _deleted_load_balancer(frontend: Frontend, now: Frontends, state: State) -> bool:
    return frontend.kind is FrontendKind.LOAD_BALANCER_IP and _deleted(frontend, now, state)


def _port_removed(frontend: Frontend, now: Frontends, state: State) -> bool:
    return not _deleted(frontend, now, state) and all(other.name != frontend.name for other in now)


def _node_port_given_up(frontend: Frontend, now: Frontends, state: State) -> bool:
    return frontend.kind is FrontendKind.NODE_PORT and not _deleted(frontend, now, state)


def _node_port_endpoints(before: Frontends, now: Frontends, state: State) -> Frontends:
    old = {_destination(frontend): frontend for frontend in before if frontend.kind is FrontendKind.NODE_PORT}

    def union(first: Endpoints, second: Endpoints) -> Endpoints:
        known = {(frontend.address, frontend.port) for frontend in first}
        return first + tuple(frontend for frontend in second if (frontend.address, frontend.port) not in known)

    return tuple(
        replace(frontend, cluster=union(frontend.cluster, was.cluster), local=union(frontend.local, was.local))
        if (was := old.get(_destination(frontend)))
        else frontend
        for frontend in now
    )


def _unbinding(stages: Stages) -> Stages:
    owners: dict[str, set[str]] = {}
    unbound: set[str] = set()

    def change(now: Frontends, state: State) -> Frontends:
        shared = [
            frontend for frontend in now if frontend.kind in (FrontendKind.LOAD_BALANCER_IP, FrontendKind.EXTERNAL_IP)
        ]
        for address, before in owners.items():
            if before - {frontend.service for frontend in shared if frontend.address == address}:
                unbound.add(address)
        for frontend in shared:
            owners.setdefault(frontend.address, set()).add(frontend.service)
        return tuple(frontend for frontend in now if frontend.address not in unbound)

    return serving(change)(stages)


def _dying_with_policy(stages: Stages) -> Stages:
    policies: dict[Destination, str] = {}
    dead: set[Destination] = set()

    def change(now: Frontends, state: State) -> Frontends:
        for frontend in (frontend for frontend in now if not frontend.internal):
            if policies.setdefault(_destination(frontend), frontend.policy) != frontend.policy:
                dead.add(_destination(frontend))
        return tuple(frontend for frontend in now if _destination(frontend) not in dead)

    return serving(change)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "lb-vip-survives-service-delete",
        "A load balancer's address is served further when the Service is deleted.",
        _keeping(_deleted_load_balancer),
        "https://github.com/loxilb-io/kube-loxilb/issues/58",
    ),
    Fault(
        "deleted-service-still-served",
        "A deleted Service is served further.",
        _keeping(_deleted),
    ),
    Fault(
        "removals-missed-on-some-nodes",
        "What is taken away is served further on some of the nodes.",
        _keeping(_deleted_on_some),
    ),
    Fault(
        "removed-service-port-still-open",
        "A port taken out of a Service is served further.",
        _keeping(_port_removed),
        "https://github.com/cilium/cilium/issues/9576",
    ),
    Fault(
        "nodeport-survives-type-change",
        "A node port is served further when the Service gives it up.",
        _keeping(_node_port_given_up),
    ),
    Fault(
        "nodeport-keeps-removed-endpoint",
        "Removed endpoints still get what arrives at node ports.",
        _reviewing(_node_port_endpoints),
        "https://github.com/ovn-kubernetes/ovn-kubernetes/issues/1109",
    ),
    Fault(
        "shared-vip-unbound-on-delete",
        "An external address that several Services share is given up when one of them is deleted.",
        _unbinding,
        "https://github.com/kubernetes/kubernetes/issues/80158",
    ),
    Fault(
        "etp-flip-cluster-to-local-breaks",
        "Changing externalTrafficPolicy on a live Service closes it to the outside.",
        _dying_with_policy,
        "https://github.com/antrea-io/antrea/issues/3301",
    ),
)
