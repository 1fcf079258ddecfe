"""The wrong endpoints are chosen."""

from dataclasses import replace

from svcproof.fault import Fault
from svcproof.reference_proxy.endpoints import Endpoints, Usable, distinct, hinted
from svcproof.reference_proxy.faults.mutation import each_endpoint, listing
from svcproof.reference_proxy.stages import Stages
from svcproof.reference_proxy.state import Node


def _local_ready_only(stages: Stages) -> Stages:
    def choose(listed: Endpoints, node: Node) -> Usable:
        chosen = stages.choose(listed, node)
        return replace(chosen, local=tuple(endpoint for endpoint in chosen.local if endpoint.ready))

    return replace(stages, choose=choose)


def _hints_before_policy(stages: Stages) -> Stages:
    """Choose among endpoints of this node, too, by the zones they are hinted for."""

    def choose(listed: Endpoints, node: Node) -> Usable:
        chosen = stages.choose(listed, node)
        local = tuple(endpoint for endpoint in chosen.local if not endpoint.zones or node.zone in endpoint.zones)
        return replace(chosen, local=local)

    return replace(stages, choose=choose)


FAULTS: tuple[Fault[Stages], ...] = (
    Fault(
        "unready-endpoints-selected",
        "Endpoints that are not ready get traffic.",
        each_endpoint(lambda endpoint: replace(endpoint, ready=True)),
        "https://github.com/projectcalico/calico/issues/4952",
    ),
    Fault(
        "publish-not-ready-not-served",
        "Endpoints that publishNotReadyAddresses makes ready get none.",
        each_endpoint(lambda end: replace(end, ready=end.ready and end.serving and not end.terminating)),
        "https://github.com/cilium/cilium/issues/18241",
    ),
    Fault(
        "no-fallback-to-serving-terminating",
        "Where all endpoints are terminating, those still serving are not used.",
        listing(lambda listed, node: tuple(endpoint for endpoint in listed if endpoint.ready)),
        "https://github.com/cloudnativelabs/kube-router/pull/1612",
    ),
    Fault(
        "no-local-fallback-to-terminating",
        "Where all endpoints of this node are terminating, policy Local takes it to have none.",
        _local_ready_only,
    ),
    Fault(
        "hints-followed-under-policy-local",
        "Under policy Local a node does not use its own endpoints that are hinted for another zone.",
        _hints_before_policy,
    ),
    Fault(
        "hints-for-nodes-ignored",
        "Hints for nodes have no effect; those for zones have.",
        each_endpoint(lambda endpoint: replace(endpoint, nodes=frozenset())),
    ),
    Fault(
        "terminating-as-good-as-ready",
        "Terminating endpoints get new connections though others are ready.",
        each_endpoint(lambda endpoint: replace(endpoint, ready=endpoint.ready or endpoint.serving)),
        "https://github.com/cilium/cilium/issues/27096",
    ),
    Fault(
        "dedupe-endpoints-by-ip",
        "Of endpoints that share an address only one port is used.",
        listing(lambda listed, node: tuple({endpoint.address: endpoint for endpoint in reversed(listed)}.values())),
        "https://github.com/kubernetes/kubernetes/pull/101935",
    ),
    Fault(
        "duplicate-endpoint-stale-slice-wins",
        "Of an endpoint listed in two EndpointSlices the last copy holds, ready or not.",
        listing(lambda listed, node: tuple({(end.address, end.port): end for end in listed}.values())),
        "https://github.com/kubernetes/kubernetes/pull/135334",
    ),
    Fault(
        "hints-only-on-unready-blackhole",
        "Topology hints are followed before readiness is looked at.",
        listing(lambda listed, node: hinted(distinct(listed), node)),
        "https://github.com/kubernetes/kubernetes/pull/106507",
    ),
    Fault(
        "endpoints-with-hints-unused",
        "Endpoints that carry topology hints get no traffic from anywhere.",
        listing(lambda listed, node: tuple(endpoint for endpoint in listed if not endpoint.zones)),
    ),
    Fault(
        "topology-hints-ignored",
        "Topology hints have no effect.",
        each_endpoint(lambda endpoint: replace(endpoint, zones=frozenset(), nodes=frozenset())),
    ),
)
