"""The fields that the server adds to new pods, Jobs and claims."""

import random
import string
from collections.abc import Iterable
from types import MappingProxyType

from svcproof.json_objects import Object

MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3607
TOLERATED_SECONDS = 300
UNREACHABLE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
PRIORITIES = MappingProxyType({"system-node-critical": 2000001000, "system-cluster-critical": 2000000000})
JOB_PREFIX = "batch.kubernetes.io/"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


def admit_pod(pod: Object, account: Object | None) -> None:
    """Complete a new pod, in place: account, priority, tolerations, status.

    https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaulttolerationseconds
    """
    spec = pod["spec"]
    _give_account(pod, account)
    spec.setdefault("priority", PRIORITIES.get(spec.get("priorityClassName", ""), 0))
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    _tolerate(spec)
    pod["status"] = {"phase": "Pending", "qosClass": qos_class(spec)}


def _tolerate(spec: Object) -> None:
    """Let the pod stay for five minutes on a node that does not answer."""
    tolerations = list(spec.get("tolerations") or [])
    for key in UNREACHABLE:
        if not any(
            toleration.get("key", key) == key and toleration.get("effect", "NoExecute") == "NoExecute"
            for toleration in tolerations
        ):
            tolerations.append(
                {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": TOLERATED_SECONDS}
            )
    spec["tolerations"] = tolerations


def qos_class(spec: Object) -> str:
    """The quality of service of a pod: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ ."""
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    resources = [container.get("resources") or {} for container in containers]
    if not any(amounts.get("requests") or amounts.get("limits") for amounts in resources):
        return "BestEffort"
    guaranteed = all(
        {"cpu", "memory"} <= set(amounts.get("limits") or {})
        and all((amounts.get("requests") or {}).get(key) == amounts["limits"][key] for key in ("cpu", "memory"))
        for amounts in resources
    )
    return "Guaranteed" if guaranteed else "Burstable"


def _give_account(pod: Object, account: Object | None) -> None:
    """Add, in place, the name of the ServiceAccount and a volume with a token for this server.

    https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
    """
    spec = pod["spec"]
    spec["serviceAccountName"] = spec.get("serviceAccountName") or "default"
    spec["serviceAccount"] = spec["serviceAccountName"]
    automount = spec.get("automountServiceAccountToken")
    if automount is None and account is not None:
        automount = account.get("automountServiceAccountToken")
    if automount is False:
        return
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    unmounted = [
        container
        for container in containers
        if all(m["mountPath"] != MOUNT for m in container.get("volumeMounts") or [])
    ]
    if not unmounted:
        return
    name = "kube-api-access-" + "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    spec["volumes"] = [*(spec.get("volumes") or []), _token_volume(name)]
    for container in unmounted:
        mount = {"name": name, "readOnly": True, "mountPath": MOUNT}
        container["volumeMounts"] = [*(container.get("volumeMounts") or []), mount]


def _token_volume(name: str) -> Object:
    namespace = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    authority = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
        {"configMap": authority},
        {"downwardAPI": {"items": [namespace]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 0o644}}


def admit_job(job: Object) -> None:
    """Give a new Job, in place, a selector that only its own pods match, unless it brings one of its own.

    https://kubernetes.io/docs/concepts/workloads/controllers/job/#specifying-your-own-pod-selector
    """
    spec, metadata = job["spec"], job["metadata"]
    template = spec["template"]["metadata"]
    if not spec["manualSelector"]:
        labels = {"controller-uid": metadata["uid"], "job-name": metadata.get("name", "")}
        prefixed = {f"{JOB_PREFIX}{key}": value for key, value in labels.items()}
        template["labels"] = {**prefixed, **labels, **(template.get("labels") or {})}
        selector = spec.get("selector") or {}
        match_labels = {f"{JOB_PREFIX}controller-uid": metadata["uid"], **(selector.get("matchLabels") or {})}
        spec["selector"] = {**selector, "matchLabels": dict(sorted(match_labels.items()))}
    if template.get("labels") and not metadata.get("labels"):
        metadata["labels"] = dict(template["labels"])


def admit_claim(claim: Object, classes: Iterable[Object]) -> None:
    """Name the newest default class in a claim that names neither a class nor "".

    https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass
    """
    if claim["spec"].get("storageClassName") is not None:
        return
    defaults = [
        storage_class
        for storage_class in classes
        if (storage_class["metadata"].get("annotations") or {}).get(DEFAULT_CLASS) == "true"
    ]
    if defaults:
        newest = max(defaults, key=lambda storage_class: storage_class["metadata"]["creationTimestamp"])
        claim["spec"]["storageClassName"] = newest["metadata"]["name"]
