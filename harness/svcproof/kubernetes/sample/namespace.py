"""The namespace that a run works in, with what agent pods need: one of its own, or one made beforehand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import svcproof.agent
from svcproof.errors import Conflict, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.cluster_access import LABEL, METALLB
from svcproof.kubernetes.sample.pods import CONFIG_MAP, agent_files, config_map_manifest
from svcproof.limits import Provision
from svcproof.model.cluster import Cluster
from svcproof.wait import provisioned
from svcproof.wait.predicates import is_there

AGENT_DIRECTORY = Path(svcproof.agent.__file__).parent / "pod"
ADMISSION = {"pod-security.kubernetes.io/enforce": "privileged"}
"""For pods in a node's network. https://kubernetes.io/docs/concepts/security/pod-security-admission/."""
KINDS = ("Service", "Endpoints", "discovery.k8s.io/v1 EndpointSlice", "Pod")
"""The kinds of objects that runs make in a namespace, beside the agent's ConfigMap."""


@contextmanager
def provide_namespace(kube: Kube, cluster: Cluster, name: str) -> Iterator[str]:
    """Make a namespace called `name`, or take one of those made beforehand; put the agent's ConfigMap in it.

    One of its own is deleted on leaving, without waiting; one made beforehand is left as it was. Raises
    ProvisionError if all of them are in use.
    """
    if cluster.namespaces:
        namespace = _lease(kube, cluster)
        try:
            yield namespace
        finally:
            release(kube, namespace, cluster.token)
        return
    labels = {LABEL: cluster.token, **ADMISSION}
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    try:
        _copy_pull_secret(kube, cluster.spec.agent.pull_secret, name)
        kube.create(config_map_manifest(name, agent_files(AGENT_DIRECTORY), cluster.token))
        yield name
    finally:
        kube.delete("Namespace", name, missing_ok=True)


def release(kube: Kube, namespace: str, token: str) -> None:
    """Remove what a run has in a namespace made beforehand, and last the ConfigMap by which it has it."""
    selector = f"{LABEL}={token}"
    for kind in KINDS:
        for item in kube.list(kind, namespace, selector):
            grace = 0 if kind == "Pod" else None
            kube.delete(kind, item["metadata"]["name"], namespace, missing_ok=True, grace=grace)
    for kind in KINDS:
        kube.wait_none(kind, namespace, selector, within=Provision.OBJECTS_GONE)
    kube.delete("ConfigMap", CONFIG_MAP, namespace, missing_ok=True)


def remove(kube: Kube, token: str) -> None:
    """Remove the namespaces that a run has made; returns once they are gone. Raises ProvisionError.

    Not MetalLB's: it may stay for the runs to come.
    """
    selector = f"{LABEL}={token},!{METALLB}"
    for namespace in kube.list("Namespace", labels=selector):
        if not namespace["metadata"].get("deletionTimestamp"):
            kube.delete("Namespace", namespace["metadata"]["name"], missing_ok=True)
    kube.wait_none("Namespace", labels=selector, within=Provision.OBJECTS_GONE)


def holder(kube: Kube, namespace: str) -> str:
    """The token of the run that has a namespace made beforehand; empty if it is free."""
    held = kube.find("ConfigMap", CONFIG_MAP, namespace)
    return str(held["metadata"].get("labels", {}).get(LABEL, "") or "unknown") if held else ""


def _lease(kube: Kube, cluster: Cluster) -> str:
    files = agent_files(AGENT_DIRECTORY)

    def take_free() -> str:
        for name in cluster.namespaces:
            try:
                kube.create(config_map_manifest(name, files, cluster.token))
            except Conflict:
                continue
            return name
        return ""

    try:
        return provisioned("a free namespace", take_free, is_there, Provision.NAMESPACE_FREE, every=1.0)
    except ProvisionError as late:
        users = ", ".join(f"{name} (run {holder(kube, name) or 'gone'})" for name in cluster.namespaces)
        remedy = "make more with svcproof rbac --namespaces N, or remove what killed runs left with svcproof clean"
        raise ProvisionError(f"all namespaces made beforehand are in use: {users}; {remedy}") from late


def _copy_pull_secret(kube: Kube, secret: str, namespace: str) -> None:
    home, slash, name = secret.partition("/")
    if slash:
        original = kube.get("Secret", name, home)
        copy: Object = {key: original[key] for key in ("apiVersion", "kind", "type", "data") if key in original}
        kube.create({**copy, "metadata": {"name": name, "namespace": namespace}})
