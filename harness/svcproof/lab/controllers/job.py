"""Runs the pods of a Job until enough of them have succeeded, or too many failed."""

from collections.abc import Sequence
from functools import partial

from svcproof.api_kinds import JOBS, PODS
from svcproof.json_objects import Object
from svcproof.lab import clock
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.claims import claim, claimants
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.pod import is_active, is_ready
from svcproof.lab.controllers.template import pod_of
from svcproof.lab.controllers.writing import write_status

BACKOFF_LIMIT = 6


class JobController(Controller[Key]):
    """As kube-controller-manager's job-controller for plain Jobs: no indexes, no deadlines, no policies of failure."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        jobs, pods = informers.jobs, informers.pods
        super().__init__("job", [(jobs, itself), (pods, partial(claimants, JOBS, jobs))], self.reconcile)

    async def reconcile(self, key: Key) -> None:
        """Start what is still to be run of one Job, and count."""
        job = self._informers.jobs.items.get(key)
        if job is None or "deletionTimestamp" in job["metadata"] or is_finished(job):
            return
        pods = await claim(self._client, JOBS, job)
        for _ in range(to_start(job, pods)):
            pods.append(await self._client.create(PODS, pod_of(JOBS, job)))
        await self._report(job, pods)

    async def _report(self, job: Object, pods: Sequence[Object]) -> None:
        active = [pod for pod in pods if is_active(pod)]
        succeeded, failed = count(pods, "Succeeded"), count(pods, "Failed")
        now = clock.rfc3339(clock.now())
        status = {
            "active": len(active),
            "ready": sum(is_ready(pod) for pod in active),
            "succeeded": succeeded,
            "failed": failed,
            "startTime": (job.get("status") or {}).get("startTime", now),
        }
        if is_enough(job, succeeded, len(active)):
            status["completionTime"] = now
            status["conditions"] = [_condition("SuccessCriteriaMet", now), _condition("Complete", now)]
        elif failed > job["spec"].get("backoffLimit", BACKOFF_LIMIT):
            status["conditions"] = [_condition("FailureTarget", now), _condition("Failed", now)]
        await write_status(self._client, JOBS, job, status)


def is_enough(job: Object, succeeded: int, active: int) -> bool:
    """Return True once as many pods have succeeded as must, or, where no number is given, one has and none runs."""
    completions = job["spec"].get("completions")
    return bool(succeeded >= completions if completions is not None else succeeded and not active)


def to_start(job: Object, pods: Sequence[Object]) -> int:
    """The number of pods to start now."""
    if job["spec"].get("suspend") or count(pods, "Failed") > job["spec"].get("backoffLimit", BACKOFF_LIMIT):
        return 0
    running, succeeded = sum(is_active(pod) for pod in pods), count(pods, "Succeeded")
    free, completions = int(job["spec"].get("parallelism", 1)) - running, job["spec"].get("completions")
    if completions is None:
        return 0 if succeeded else max(0, free)
    return max(0, min(int(completions) - succeeded - running, free))


def is_finished(job: Object) -> bool:
    """True if the Job has succeeded or failed for good."""
    conditions = (job.get("status") or {}).get("conditions") or ()
    return any(
        condition["type"] in ("Complete", "Failed") and condition["status"] == "True" for condition in conditions
    )


def count(pods: Sequence[Object], phase: str) -> int:
    """The number of pods in a phase."""
    return sum(pod.get("status", {}).get("phase") == phase for pod in pods)


def _condition(kind: str, now: str) -> Object:
    reason = "BackoffLimitExceeded" if kind in ("Failed", "FailureTarget") else "CompletionsReached"
    return {"type": kind, "status": "True", "reason": reason, "lastProbeTime": now, "lastTransitionTime": now}
