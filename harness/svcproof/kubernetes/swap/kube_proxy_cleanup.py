"""Removal of kube-proxy's rules from nodes, by its own `--cleanup`, which knows them best."""

from collections.abc import Sequence

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import LABEL
from svcproof.kubernetes.objects.rollout import LAST_LINES, pod_log
from svcproof.kubernetes.swap.kube_proxy import InstalledKubeProxy, container_of
from svcproof.limits import Provision
from svcproof.wait import provisioned

NAME = "svcproof-cleanup"
ENDED = ("Succeeded", "Failed")


def remove_rules(kube: Kube, installed: InstalledKubeProxy, nodes: Sequence[str], token: str) -> None:
    """Run a pod on each node that removes the rules; raises ProvisionError with its last lines if one fails."""
    namespace = installed.daemon_set["metadata"]["namespace"]
    try:
        manifests = [cleanup_pod(installed.daemon_set, node, token) for node in nodes]
        names = [kube.create(manifest)["metadata"]["name"] for manifest in manifests]
        for name, node in zip(names, nodes, strict=True):
            _await_success(kube, name, namespace, node)
    finally:
        end_cleanup(kube, namespace, token)


def end_cleanup(kube: Kube, namespace: str, token: str) -> None:
    """Remove the clean-up pods of a run, and wait until none is left that could remove more rules."""
    selector = f"{LABEL}={token},{NAME}=true"
    for pod in kube.list("Pod", namespace, selector):
        kube.delete("Pod", pod["metadata"]["name"], namespace, missing_ok=True, grace=0)
    kube.wait_none("Pod", namespace, selector, within=Provision.KUBE_PROXY_RULES_GONE)


def cleanup_pod(daemon_set: Object, node: str, token: str) -> Object:
    """The manifest of a pod that cleans a node up: kube-proxy's own pod there, with `--cleanup`."""
    template, container = daemon_set["spec"]["template"]["spec"], container_of(daemon_set)
    key = "args" if container.get("args") else "command"
    cleaner = {
        **{name: value for name, value in container.items() if not name.endswith("Probe")},
        key: [*(container.get(key) or ()), "--cleanup"],
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


def _await_success(kube: Kube, name: str, namespace: str, node: str) -> None:
    def phase_of_pod() -> str:
        return str(kube.get("Pod", name, namespace).get("status", {}).get("phase"))

    def ended(phase: str) -> bool:
        """It has ended."""
        return phase in ENDED

    phase = provisioned(
        f"kube-proxy --cleanup on node {node}", phase_of_pod, ended, Provision.KUBE_PROXY_RULES_GONE, every=0.3
    )
    if phase == "Failed":
        last_lines = pod_log(kube, kube.get("Pod", name, namespace), LAST_LINES)
        raise ProvisionError(f"kube-proxy --cleanup on node {node} failed; its last lines:\n{last_lines}")
