"""Pods: their status in one word."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, get, since


def _containers(pod: Object, kind: str = "containerStatuses") -> list[Object]:
    return (pod.get("status") or {}).get(kind) or []


def _ready(pod: Object) -> str:
    sidecars = _sidecars(pod)
    beside = [one for one in _containers(pod, "initContainerStatuses") if one["name"] in sidecars]
    statuses = [*_containers(pod), *beside]
    running = sum(1 for one in statuses if one.get("ready") and "running" in (one.get("state") or {}))
    return f"{running}/{len(pod['spec'].get('containers') or []) + len(sidecars)}"


def _sidecars(pod: Object) -> set[str]:
    """Names of the init containers that go on beside the others."""
    return {one["name"] for one in pod["spec"].get("initContainers") or [] if one.get("restartPolicy") == "Always"}


def _restarts(pod: Object) -> str:
    statuses = _containers(pod)
    count = sum(one.get("restartCount", 0) for one in statuses)
    ends = [((one.get("lastState") or {}).get("terminated") or {}).get("finishedAt") for one in statuses]
    last = max(filter(None, ends), default=None)
    return f"{count} ({since(last)} ago)" if count and last else str(count)


def reason(pod: Object) -> str:
    """The word in the column Status."""
    status = pod.get("status") or {}
    word = status.get("reason") or status.get("phase", "")
    word = _initialising(pod) or _of_containers(pod, word)
    if pod["metadata"].get("deletionTimestamp") and status.get("phase") not in {"Succeeded", "Failed"}:
        return "Unknown" if status.get("reason") == "NodeLost" else "Terminating"
    return word


def _initialising(pod: Object) -> str:
    statuses = _containers(pod, "initContainerStatuses")
    total, sidecars = len(pod["spec"].get("initContainers") or []), _sidecars(pod)
    for index, one in enumerate(statuses):
        state = one.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting")
        if one["name"] in sidecars and one.get("started"):
            continue
        if terminated:
            if terminated.get("exitCode") == 0:
                continue
            return f"Init:{_ended(terminated)}"
        if waiting and waiting.get("reason") not in {None, "", "PodInitializing"}:
            return f"Init:{waiting['reason']}"
        return f"Init:{index}/{total}"
    return ""


def _of_containers(pod: Object, word: str) -> str:
    running = False
    for one in reversed(_containers(pod)):
        state = one.get("state") or {}
        waiting, terminated = state.get("waiting") or {}, state.get("terminated")
        if waiting.get("reason"):
            word = waiting["reason"]
        elif terminated:
            word = _ended(terminated)
        elif one.get("ready") and "running" in state:
            running = True
    if word == "Completed" and running:
        conditions = (pod.get("status") or {}).get("conditions") or []
        ready = any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
        return "Running" if ready else "NotReady"
    return word


def _ended(terminated: Object) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _gates(pod: Object) -> str:
    gates = [one["conditionType"] for one in pod["spec"].get("readinessGates") or []]
    conditions = (pod.get("status") or {}).get("conditions") or []
    passed = {one["type"] for one in conditions if one["status"] == "True"}
    return f"{sum(gate in passed for gate in gates)}/{len(gates)}" if gates else "<none>"


COLUMNS = {
    "core.Pod": (
        NAME,
        Column("Ready", _ready),
        Column("Status", reason),
        Column("Restarts", _restarts),
        AGE,
        Column("IP", get("status.podIP", "<none>"), wide=True),
        Column("Node", get("spec.nodeName", "<none>"), wide=True),
        Column("Nominated Node", get("status.nominatedNodeName", "<none>"), wide=True),
        Column("Readiness Gates", _gates, wide=True),
    ),
}
