"""What admission lets pods do, asked by server-side dry runs: nothing is made."""

import json
from collections.abc import Mapping
from typing import Any

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.pods import AgentPod, pod_manifest
from svcproof.limits import Request
from svcproof.model.cluster import AgentPlacement, Node
from svcproof.model.vocabulary import Capability

FORBIDDEN = 403


def lacking(kube: Kube, namespaces: tuple[str, ...], node: Node, placement: AgentPlacement) -> Mapping[Capability, str]:
    """What namespaces made beforehand do not admit; of its own, a run asks that all be admitted.

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
    """What the API server has against a pod; empty where it would take it."""
    path = f"/api/v1/namespaces/{pod.namespace}/pods?dryRun=All"
    body = json.dumps(pod_manifest(pod, placement)).encode()
    code, said = kube.post(path, body, {"Content-Type": "application/json"}, Request.API.seconds)
    if code == FORBIDDEN:
        status: dict[str, Any] = json.loads(said)
        return str(status.get("message", ""))
    return ""
