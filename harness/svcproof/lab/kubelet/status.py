"""The status of a pod, worked out from its containers: a pure function.

https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.clock import rfc3339
from svcproof.lab.kubelet.state import ContainerState, Ended, Up, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All a status depends on besides the pod object. `failure` is (reason, message) where the kubelet ended it."""

    init: Sequence[ContainerState]
    main: Sequence[ContainerState]
    initialized: bool
    addresses: tuple[str, ...]
    host: tuple[str, ...]
    started: datetime
    ephemeral: Sequence[ContainerState] = ()
    over: bool = False
    """Nothing of it runs any more, nor will."""
    failure: tuple[str, str] | None = None


def pod_status(pod: Object, now: Situation, posted: Iterable[Object], time: datetime) -> Object:
    """The status of `pod`; conditions as `posted` that did not change keep the time of their last transition."""
    phase = _phase(pod, now)
    status: Object = {
        "phase": phase,
        "conditions": _conditions(pod, now, phase, posted, rfc3339(time)),
        "hostIP": now.host[0],
        "hostIPs": _ips(now.host),
        "startTime": rfc3339(now.started),
        "containerStatuses": [state.shown() for state in now.main],
        "qosClass": pod.get("status", {}).get("qosClass", "BestEffort"),
    }
    if now.addresses:
        status |= {"podIP": now.addresses[0], "podIPs": _ips(now.addresses)}
    if now.init:
        status["initContainerStatuses"] = [state.shown() for state in now.init]
    if now.ephemeral:
        status["ephemeralContainerStatuses"] = [state.shown() for state in now.ephemeral]
    if now.failure:
        status |= {"reason": now.failure[0], "message": now.failure[1]}
    return status


def _phase(pod: Object, now: Situation) -> str:
    if now.failure:
        return "Failed"
    policy = pod["spec"].get("restartPolicy", "Always")
    ends = [_end(state) for state in now.main]
    if now.over:
        return "Succeeded" if all(end is not None and end.code == 0 for end in ends) else "Failed"
    if not now.initialized:
        failed = any(end and end.code for end in map(_end, now.init))
        return "Failed" if failed and policy == "Never" else "Pending"
    if any(isinstance(state.now, Waiting) and not state.before for state in now.main):
        return "Pending"
    if any(isinstance(state.now, Up) for state in (*now.main, *now.init)) or policy == "Always":
        return "Running"
    if all(end and end.code == 0 for end in ends):
        return "Succeeded"
    return "Failed" if policy == "Never" else "Running"


def _end(state: ContainerState) -> Ended | None:
    return state.now if isinstance(state.now, Ended) else state.before if isinstance(state.now, Waiting) else None


def _conditions(pod: Object, now: Situation, phase: str, posted: Iterable[Object], time: str) -> list[Object]:
    known = {condition["type"]: condition for condition in (*pod.get("status", {}).get("conditions", ()), *posted)}
    gates = [gate["conditionType"] for gate in pod["spec"].get("readinessGates", ())]
    closed = [gate for gate in gates if known.get(gate, {}).get("status") != "True"]
    containers = _containers_ready(now, phase)
    ready = containers
    if not containers and closed:
        names = _listed([f'"{name}"' for name in closed])
        message = f"corresponding conditions of pod readiness gates {names} do not exist or are not True"
        ready = {"reason": "ReadinessGatesNotReady", "message": message}
    troubles = {
        "PodReadyToStartContainers": {} if now.addresses and not now.over else {"reason": ""},
        "Initialized": _initialized(now, phase),
        "Ready": ready,
        "ContainersReady": containers,
        "PodScheduled": {},
    }
    return [_condition(kind, trouble, known.get(kind), time) for kind, trouble in troubles.items()]


def _containers_ready(now: Situation, phase: str) -> dict[str, str]:
    """Nothing, or why not: reason and message."""
    if phase == "Succeeded":
        return {"reason": "PodCompleted"}
    if phase == "Failed":
        return {"reason": "PodFailed"}
    unready = [state.name for state in now.main if not state.ready]
    if not unready:
        return {}
    return {"reason": "ContainersNotReady", "message": f"containers with unready status: {_listed(unready)}"}


def _initialized(now: Situation, phase: str) -> dict[str, str]:
    if now.initialized or phase == "Succeeded":
        return {}
    waiting = [state.name for state in now.init if not state.ready]
    return {"reason": "ContainersNotInitialized", "message": f"containers with incomplete status: {_listed(waiting)}"}


def _condition(kind: str, trouble: dict[str, str], known: dict[str, Any] | None, time: str) -> Object:
    """A condition that holds where there is no `trouble`."""
    status = "False" if trouble else "True"
    since = known.get("lastTransitionTime", time) if known and known["status"] == status else time
    # In a patch, null removes what an earlier status said.
    reasons = {key: trouble.get(key) or None for key in ("reason", "message")}
    return {"type": kind, "status": status, "lastProbeTime": None, "lastTransitionTime": since, **reasons}


def _ips(addresses: Iterable[str]) -> list[Object]:
    return [{"ip": address} for address in addresses]


def _listed(names: Sequence[str]) -> str:
    return f"[{' '.join(names)}]"
