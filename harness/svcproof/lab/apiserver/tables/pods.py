"""Columns of pods, with their status in one word."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, get, since


def _statuses(pod: Object, kind: str = "containerStatuses") -> list[Object]:
    return (pod.get("status") or {}).get(kind) or []


def _ready(pod: Object) -> str:
    sidecars = _sidecars(pod)
    beside = [status for status in _statuses(pod, "initContainerStatuses") if status["name"] in sidecars]
    statuses = [*_statuses(pod), *beside]
    running = sum(1 for status in statuses if status.get("ready") and "running" in (status.get("state") or {}))
    return f"{running}/{len(pod['spec'].get('containers') or []) + len(sidecars)}"


def _sidecars(pod: Object) -> set[str]:
    """Names of the init containers that go on beside the others."""
    return {
        container["name"]
        for container in pod["spec"].get("initContainers") or []
        if container.get("restartPolicy") == "Always"
    }


def _restarts(pod: Object) -> str:
    statuses = _statuses(pod)
    count = sum(status.get("restartCount", 0) for status in statuses)
    ends = [((status.get("lastState") or {}).get("terminated") or {}).get("finishedAt") for status in statuses]
    last = max(filter(None, ends), default=None)
    return f"{count} ({since(last)} ago)" if count and last else str(count)


def reason(pod: Object) -> str:
    """The word in the column Status."""
    status = pod.get("status") or {}
    word = status.get("reason") or status.get("phase", "")
    word = _init_reason(pod) or _container_reason(pod, word)
    if pod["metadata"].get("deletionTimestamp") and status.get("phase") not in {"Succeeded", "Failed"}:
        return "Unknown" if status.get("reason") == "NodeLost" else "Terminating"
    return word


def _init_reason(pod: Object) -> str:
    statuses = _statuses(pod, "initContainerStatuses")
    total, sidecars = len(pod["spec"].get("initContainers") or []), _sidecars(pod)
    for index, status in enumerate(statuses):
        state = status.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting")
        if status["name"] in sidecars and status.get("started"):
            continue
        if terminated:
            if terminated.get("exitCode") == 0:
                continue
            return f"Init:{_end_reason(terminated)}"
        if waiting and waiting.get("reason") not in {None, "", "PodInitializing"}:
            return f"Init:{waiting['reason']}"
        return f"Init:{index}/{total}"
    return ""


def _container_reason(pod: Object, word: str) -> str:
    running = False
    for status in reversed(_statuses(pod)):
        state = status.get("state") or {}
        waiting, terminated = state.get("waiting") or {}, state.get("terminated")
        if waiting.get("reason"):
            word = waiting["reason"]
        elif terminated:
            word = _end_reason(terminated)
        elif status.get("ready") and "running" in state:
            running = True
    if word == "Completed" and running:
        conditions = (pod.get("status") or {}).get("conditions") or []
        ready = any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
        return "Running" if ready else "NotReady"
    return word


def _end_reason(terminated: Object) -> str:
    if terminated.get("reason"):
        return str(terminated["reason"])
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _gates(pod: Object) -> str:
    gates = [gate["conditionType"] for gate in pod["spec"].get("readinessGates") or []]
    conditions = (pod.get("status") or {}).get("conditions") or []
    passed = {condition["type"] for condition in conditions if condition["status"] == "True"}
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
