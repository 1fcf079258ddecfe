"""What a cluster that exists lacks: capability to reason, each found by looking."""

import os
from collections.abc import Sequence

from harness.cluster import admission, discovery
from harness.cluster.api_cluster import CONTROL_PORT, RESTRICTED
from harness.cluster.kubeconfig import MOUNTED
from harness.cluster.outside.route import Route, in_pod, reached, to_nodes
from harness.cluster.rights import Right, may
from harness.declare.lacking import in_one_zone
from harness.errors import Rejected
from harness.install import metallb
from harness.install.service import SLICES
from harness.kube import Kube
from harness.model.cluster import AgentPlacement, Node, Object
from harness.model.cluster_spec import ClusterSpec
from harness.model.vocabulary import Capability

Lacking = dict[Capability, str]
DNS = "kubernetes.io/service-name=kube-dns"


def route(objects: Sequence[Object], nodes: Sequence[Node], spec: ClusterSpec) -> Route:
    """The way from this machine to the nodes."""
    if spec.outside < 1:
        return Route(why_not=f"{spec.name} declares no clients outside")
    if spec.kubeconfig.outside:
        return Route(
            why_not="clients by ssh, of kubeconfig.outside, cannot be had yet: leave it empty for this machine"
        )
    everybody = [one["address"] for node in objects for one in node.get("status", {}).get("addresses") or ()]
    return to_nodes(nodes, everybody, in_pod(os.environ, MOUNTED))


def lacking(
    kube: Kube, spec: ClusterSpec, objects: Sequence[Object], nodes: tuple[Node, ...], beforehand: tuple[str, ...],
    way: Route,
) -> Lacking:  # fmt: skip
    """All that is lacking. `objects` are all Nodes, `nodes` those that get sample pods."""
    placement = AgentPlacement(
        control=f"tcp:{CONTROL_PORT}", image=spec.agent.image, secret="none", security=RESTRICTED
    )
    return {
        **_nodes(objects, nodes),
        **_families(spec),
        **_outside(way, spec),
        **admission.lacking(kube, beforehand, nodes[0], placement),
        **_services(kube, spec, beforehand),
        Capability.OWN_NODES: "the nodes of a cluster that svcproof did not make are left as they are",
        Capability.NODE_SHELL: "a cluster that is reached by its API has no shell on its nodes",
        Capability.SCTP: "whether the kernels of nodes speak SCTP does not show in the API",
    }


def _nodes(objects: Sequence[Object], nodes: tuple[Node, ...]) -> Lacking:
    others = [f"{one['metadata']['name']} is {why}" for one in objects if (why := discovery.unfit(one))]
    reason = f"nodes that can run pods: {len(nodes)}" + (f" ({'; '.join(others)})" if others else "")
    wanted = {Capability.TWO_NODES: 2, Capability.THREE_NODES: 3}
    lacking = {capability: reason for capability, least in wanted.items() if len(nodes) < least}
    if why_not := in_one_zone([node.zone for node in nodes]):
        lacking[Capability.TWO_ZONES] = why_not
    return lacking


def _families(spec: ClusterSpec) -> Lacking:
    has = " and ".join(spec.families)
    lacking = {
        Capability.IPV4: "ipv4" not in spec.families,
        Capability.IPV6: "ipv6" not in spec.families,
        Capability.DUAL_STACK: len(spec.families) < 2,
    }
    return {capability: f"Services of this cluster have {has}" for capability, missing in lacking.items() if missing}


def _outside(way: Route, spec: ClusterSpec) -> Lacking:
    lacking = {
        Capability.OUTSIDE_CLIENT: way.why_not,
        Capability.TWO_OUTSIDE_CLIENTS: way.why_not or "this machine is one client: it has one address to the nodes",
        Capability.SERVICE_ROUTE: way.why_not or _no_service_route(spec),
        Capability.EXTERNAL_ADDRESSES: way.why_not
        or ("" if spec.external_ranges else "no externalRanges are declared"),
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


def _no_service_route(spec: ClusterSpec) -> str:
    """Why no packet gets from here to ClusterIPs; the API server's own is the first of the range."""
    first = str(next(iter(spec.service_ranges[0].hosts())))
    _, why_not = reached(first, 443)
    return f"this machine has no route to ClusterIPs: {why_not}" if why_not else ""


def _services(kube: Kube, spec: ClusterSpec, beforehand: tuple[str, ...]) -> Lacking:
    """What no proxy serves, but something else in the cluster."""
    lacking = {}
    if not spec.metallb.install and not metallb.present(kube):
        lacking[Capability.LOAD_BALANCER] = "nothing that serves Services of type LoadBalancer was found"
    if not spec.metallb.install and (why_not := metallb.no_layer2(kube)):
        lacking[Capability.METALLB] = why_not
    if not may(kube, Right("create", "pods/exec"), next(iter(beforehand), "")):
        lacking[Capability.EXEC] = "this account may not create pods/exec"
    if why_not := _no_dns(kube):
        lacking[Capability.CLUSTER_DNS] = why_not
    return lacking


def _no_dns(kube: Kube) -> str:
    try:
        pieces = kube.list(SLICES, "kube-system", DNS)
    except Rejected as refusal:
        return f"its addresses cannot be read: {refusal}"
    found = any(piece.get("endpoints") for piece in pieces)
    return "" if found else "there is no Service kube-dns with endpoints in kube-system"
