"""The fields that the server adds to new pods."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.admission.service_account import give_account

TOLERATED_SECONDS = 300
UNREACHABLE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def admit_pod(pod: Object, account: Object | None) -> None:
    """Complete a new pod, in place: account, priority, tolerations, status.

    https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaulttolerationseconds
    """
    spec = pod["spec"]
    give_account(pod, account)
    spec.setdefault("priority", _priority(spec.get("priorityClassName", "")))
    spec.setdefault("preemptionPolicy", "PreemptLowerPriority")
    _tolerate(spec)
    pod["status"] = {"phase": "Pending", "qosClass": qos_class(spec)}


def _priority(name: str) -> int:
    return {"system-node-critical": 2000001000, "system-cluster-critical": 2000000000}.get(name, 0)


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
