"""Faults of change: a node goes on to answer for what it answered for before, or never does again."""

from svcproof.fault import Fault
from svcproof.reference_proxy.faults.mutation import serving
from svcproof.reference_proxy.faults.recall import Destination, destination, keeping, keeping_endpoints_at
from svcproof.reference_proxy.frontends import Frontend, FrontendKind, Frontends
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import State


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
            if policies.setdefault(destination(frontend), frontend.policy) != frontend.policy:
                dead.add(destination(frontend))
        return tuple(frontend for frontend in now if destination(frontend) not in dead)

    return serving(change)(stages)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "lb-vip-survives-service-delete",
        "A load balancer's address is served further when the Service is deleted.",
        keeping(_deleted_load_balancer),
        "https://github.com/loxilb-io/kube-loxilb/issues/58",
    ),
    Fault(
        "deleted-service-still-served",
        "A deleted Service is served further.",
        keeping(_deleted),
    ),
    Fault(
        "removals-missed-on-some-nodes",
        "What is taken away is served further on some of the nodes.",
        keeping(_deleted_on_some),
    ),
    Fault(
        "removed-service-port-still-open",
        "A port taken out of a Service is served further.",
        keeping(_port_removed),
        "https://github.com/cilium/cilium/issues/9576",
    ),
    Fault(
        "nodeport-survives-type-change",
        "A node port is served further when the Service gives it up.",
        keeping(_node_port_given_up),
    ),
    Fault(
        "nodeport-keeps-removed-endpoint",
        "Removed endpoints still get what arrives at node ports.",
        keeping_endpoints_at(lambda frontend: frontend.kind is FrontendKind.NODE_PORT),
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
