"""Removing kube-proxy's rules from nodes, by its own `--cleanup`, which knows them best."""

from collections.abc import Sequence

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.labels import LABEL
from svcproof.kubernetes.objects.rollout import LAST_LINES, log
from svcproof.kubernetes.swap.kube_proxy import KubeProxy, container
from svcproof.wait import provisioned

NAME = "svcproof-cleanup"
WITHIN = 60.0
ENDED = ("Succeeded", "Failed")


def sweep(kube: Kube, found: KubeProxy, nodes: Sequence[str], token: str) -> None:
    """Run a pod on each node that removes the rules; raises ProvisionError with its last lines where it cannot."""
    namespace = found.daemon_set["metadata"]["namespace"]
    try:
        names = [kube.create(pod(found.daemon_set, node, token))["metadata"]["name"] for node in nodes]
        for name, node in zip(names, nodes, strict=True):
            _await(kube, name, namespace, node)
    finally:
        end(kube, namespace, token)


def end(kube: Kube, namespace: str, token: str) -> None:
    """Remove the pods that sweep for a run, and wait until none is left that could remove more rules."""
    selector = f"{LABEL}={token},{NAME}=true"
    for one in kube.list("Pod", namespace, selector):
        kube.delete("Pod", one["metadata"]["name"], namespace, missing_ok=True, grace=0)

    def none(left: list[Object]) -> bool:
        """None of them is left."""
        return not left

    kube.wait_list("Pod", namespace, selector, until=none, what=f"the end of the pods {NAME}", within=WITHIN)


def pod(daemon_set: Object, node: str, token: str) -> Object:
    """The pod that cleans a node up: as kube-proxy's own there, with another command."""
    template, it = daemon_set["spec"]["template"]["spec"], container(daemon_set)
    key = "args" if it.get("args") else "command"
    cleaner = {
        **{name: value for name, value in it.items() if not name.endswith("Probe")},
        key: [*(it.get(key) or ()), "--cleanup"],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "generateName": f"{NAME}-",
            "namespace": daemon_set["metadata"]["namespace"],
            "labels": {LABEL: token, NAME: "true"},
        },
        "spec": {
            **{name: value for name, value in template.items() if name not in ("nodeSelector", "affinity")},
            "containers": [cleaner],
            "nodeName": node,
            "restartPolicy": "Never",
        },
    }


def _await(kube: Kube, name: str, namespace: str, node: str) -> None:
    def look() -> str:
        return str(kube.get("Pod", name, namespace).get("status", {}).get("phase"))

    def ended(phase: str) -> bool:
        """It has ended."""
        return phase in ENDED

    phase = provisioned(f"kube-proxy --cleanup on node {node}", look, ended, WITHIN, every=0.3)
    if phase == "Failed":
        said = log(kube, kube.get("Pod", name, namespace), LAST_LINES)
        raise ProvisionError(f"kube-proxy --cleanup on node {node} failed; its last lines:\n{said}")
