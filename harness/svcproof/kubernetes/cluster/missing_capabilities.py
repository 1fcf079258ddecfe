"""The capabilities that a cluster which exists lacks, with the reasons, found by looking."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from svcproof.declare.lacking import in_one_zone
from svcproof.errors import ProvisionError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes import metallb
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import discovery
from svcproof.kubernetes.cluster.api_cluster import CONTROL_PORT, RESTRICTED
from svcproof.kubernetes.cluster.outside.clients import Clients
from svcproof.kubernetes.cluster.permissions import Right, may
from svcproof.kubernetes.sample.pods import AgentPod, pod_manifest
from svcproof.kubernetes.sample.service import SLICES
from svcproof.limits import Request
from svcproof.model.cluster import AgentPlacement, Node
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability

Lacking = dict[Capability, str]
DNS = "kubernetes.io/service-name=kube-dns"
OUTSIDE = frozenset(
    {
        Capability.OUTSIDE_CLIENT,
        Capability.TWO_OUTSIDE_CLIENTS,
        Capability.SERVICE_ROUTE,
        Capability.EXTERNAL_ADDRESSES,
    }
)
"""The capabilities that `from_outside` speaks of."""
BY_API: Lacking = {
    Capability.PROXY_CONTROL: "the proxy of a cluster that is reached by its API is not stopped and started",
    Capability.API_OUTAGE: "the nodes of a cluster that is reached by its API are not kept from that",
}
"""Capabilities of no cluster that is reached by its API, whoever has made it."""


def missing_capabilities(
    kube: Kube, spec: ClusterSpec, objects: Sequence[Object], nodes: tuple[Node, ...], beforehand: tuple[str, ...],
    outside: Clients,
) -> Lacking:  # fmt: skip
    """All that is lacking. `objects` are all Nodes, `nodes` those that get sample pods."""
    placement = AgentPlacement(
        control=f"tcp:{CONTROL_PORT}", image=spec.agent.image, secret="none", security=RESTRICTED
    )
    return {
        **_nodes(objects, nodes),
        **_families(spec),
        **from_outside(outside, spec),
        **_not_admitted(kube, beforehand, nodes[0], placement),
        **_services(kube, spec, beforehand),
        Capability.OWN_NODES: "the nodes of a cluster that svcproof did not make are left as they are",
        **BY_API,
        Capability.NODE_SHELL: "a cluster that is reached by its API has no shell on its nodes",
        Capability.SCTP: "whether the kernels of nodes speak SCTP does not show in the API",
    }


def _nodes(objects: Sequence[Object], nodes: tuple[Node, ...]) -> Lacking:
    others = [f"{node['metadata']['name']} is {why}" for node in objects if (why := discovery.unfit(node))]
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


def from_outside(clients: Clients, spec: ClusterSpec) -> Lacking:
    """The capabilities that are missing outside the cluster."""
    no_addresses = "" if spec.external_ranges else "no externalRanges are declared"
    lacking = {
        Capability.OUTSIDE_CLIENT: clients.why_none,
        Capability.TWO_OUTSIDE_CLIENTS: clients.why_not_two,
        Capability.SERVICE_ROUTE: clients.no_services,
        Capability.EXTERNAL_ADDRESSES: clients.why_none or no_addresses,
    }
    return {capability: reason for capability, reason in lacking.items() if reason}


def _services(kube: Kube, spec: ClusterSpec, beforehand: tuple[str, ...]) -> Lacking:
    """The missing ones of those that something else than the proxy serves."""
    lacking = {}
    if not spec.metallb.install and not metallb.existing_load_balancer(kube):
        lacking[Capability.LOAD_BALANCER] = "nothing that serves Services of type LoadBalancer was found"
    if not spec.metallb.install and (why_not := metallb.lack_of_layer2(kube)):
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
    has_endpoints = any(piece.get("endpoints") for piece in pieces)
    return "" if has_endpoints else "there is no Service kube-dns with endpoints in kube-system"


FORBIDDEN = 403


def _not_admitted(
    kube: Kube, namespaces: tuple[str, ...], node: Node, placement: AgentPlacement
) -> Mapping[Capability, str]:
    """The capabilities whose pods the namespaces made beforehand do not admit; a run's own namespaces admit all.

    Raises ProvisionError where they admit no agent at all.
    """
    for namespace in namespaces:
        refusal = _refused(kube, AgentPod(name="dry-run", namespace=namespace, node=node.name), placement)
        if refusal:
            raise ProvisionError(f"namespace {namespace} does not admit pods with an agent: {refusal}")
    for namespace in namespaces:
        pod = AgentPod(name="dry-run", namespace=namespace, node=node.name, host_network=True)
        if refusal := _refused(kube, pod, placement):
            return {Capability.HOST_NETWORK: f"namespace {namespace} does not admit it: {refusal}"}
    return {}


def _refused(kube: Kube, pod: AgentPod, placement: AgentPlacement) -> str:
    """The API server's objection to a pod; empty where it would take it."""
    path = f"/api/v1/namespaces/{pod.namespace}/pods?dryRun=All"
    body = json.dumps(pod_manifest(pod, placement)).encode()
    code, answer = kube.post(path, body, {"Content-Type": "application/json"}, Request.API.seconds)
    if code == FORBIDDEN:
        status: dict[str, Any] = json.loads(answer)
        return str(status.get("message", ""))
    return ""
