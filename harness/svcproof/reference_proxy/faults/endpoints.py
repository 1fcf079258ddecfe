"""The wrong endpoints are chosen."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints, Usable, distinct, hinted
from svcproof.reference_proxy.faults.mutation import listing
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node


def _all_ready(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(replace(endpoint, ready=True) for endpoint in listed)


def _only_ready(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(endpoint for endpoint in listed if endpoint.ready)


def _serving_as_ready(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(
        replace(endpoint, ready=endpoint.ready and endpoint.serving and not endpoint.terminating) for endpoint in listed
    )


def _draining_as_ready(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(replace(endpoint, ready=endpoint.ready or endpoint.serving) for endpoint in listed)


def _one_per_address(listed: Endpoints, node: Node) -> Endpoints:
    return tuple({endpoint.address: endpoint for endpoint in reversed(listed)}.values())


def _last_listed(listed: Endpoints, node: Node) -> Endpoints:
    return tuple({(endpoint.address, endpoint.port): endpoint for endpoint in listed}.values())


def _hints_first(listed: Endpoints, node: Node) -> Endpoints:
    return hinted(distinct(listed), node)


def _no_hints(listed: Endpoints, node: Node) -> Endpoints:
    return tuple(replace(endpoint, zones=frozenset(), nodes=frozenset()) for endpoint in listed)


def _local_ready_only(stages: Stages) -> Stages:
    def choose(listed: Endpoints, node: Node) -> Usable:
        chosen = stages.choose(listed, node)
        return replace(chosen, local=tuple(endpoint for endpoint in chosen.local if endpoint.ready))

    return replace(stages, choose=choose)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "unready-endpoints-selected",
        "Endpoints that are not ready get traffic.",
        listing(_all_ready),
        "https://github.com/projectcalico/calico/issues/4952",
    ),
    Fault(
        "publish-not-ready-not-served",
        "Endpoints that publishNotReadyAddresses makes ready get none.",
        listing(_serving_as_ready),
        "https://github.com/cilium/cilium/issues/18241",
    ),
    Fault(
        "no-fallback-to-serving-terminating",
        "Where all endpoints are terminating, those still serving are not used.",
        listing(_only_ready),
        "https://github.com/cloudnativelabs/kube-router/pull/1612",
    ),
    Fault(
        "no-local-fallback-to-terminating",
        "Where all endpoints of this node are terminating, policy Local takes it to have none.",
        _local_ready_only,
    ),
    Fault(
        "terminating-as-good-as-ready",
        "Terminating endpoints get new connections though others are ready.",
        listing(_draining_as_ready),
        "https://github.com/cilium/cilium/issues/27096",
    ),
    Fault(
        "dedupe-endpoints-by-ip",
        "Of endpoints that share an address only one port is used.",
        listing(_one_per_address),
        "https://github.com/kubernetes/kubernetes/pull/101935",
    ),
    Fault(
        "duplicate-endpoint-stale-slice-wins",
        "Of an endpoint listed in two EndpointSlices the last copy holds, ready or not.",
        listing(_last_listed),
        "https://github.com/kubernetes/kubernetes/pull/135334",
    ),
    Fault(
        "hints-only-on-unready-blackhole",
        "Topology hints are followed before readiness is looked at.",
        listing(_hints_first),
        "https://github.com/kubernetes/kubernetes/pull/106507",
    ),
    Fault(
        "topology-hints-ignored",
        "Topology hints have no effect.",
        listing(_no_hints),
    ),
)
