"""The steps of a Deployment from its old ReplicaSets to the new one, and their annotations: pure functions.

https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment and, of the annotations,
which `kubectl rollout history` reads, #checking-rollout-history-of-a-deployment.
"""

import math
from collections.abc import Callable, Sequence

from svcproof.json_objects import Object
from svcproof.lab import clock

PREFIX = "deployment.kubernetes.io/"
REVISION = f"{PREFIX}revision"
HASH = "pod-template-hash"
DESIRED, MOST, HISTORY = f"{PREFIX}desired-replicas", f"{PREFIX}max-replicas", f"{PREFIX}revision-history"
OWN = frozenset(
    {
        *(REVISION, DESIRED, MOST, HISTORY),
        *("kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to"),
    }
)
"""Annotations that a ReplicaSet does not take over from its Deployment."""


def current(deployment: Object, sets: Sequence[Object]) -> Object | None:
    """The ReplicaSet of the Deployment's template, if there is one."""
    template = _plain(deployment["spec"]["template"])
    return next((replica_set for replica_set in sets if _plain(replica_set["spec"]["template"]) == template), None)


def next_revision(sets: Sequence[Object]) -> int:
    """One more than the highest revision so far."""
    return 1 + max((revision(replica_set) for replica_set in sets), default=0)


def revision(replica_set: Object) -> int:
    """The number of the rollout it came with last."""
    return int((replica_set["metadata"].get("annotations") or {}).get(REVISION, "0"))


def replicas(deployment: Object, new: Object | None, sets: Sequence[Object]) -> dict[str, int]:
    """The number of replicas that each ReplicaSet is to have for now, by name."""
    total = deployment["spec"].get("replicas", 1)
    olds = [replica_set for replica_set in sets if new is None or _name(replica_set) != _name(new)]
    sizes = {_name(replica_set): _size(replica_set) for replica_set in olds}
    if new is None or deployment["spec"].get("paused"):
        latest = new or max(olds, key=revision, default=None)
        return sizes | ({_name(latest): total} if latest else {})
    if (deployment["spec"].get("strategy") or {}).get("type") == "Recreate":
        gone = not any(_count(replica_set, "replicas") for replica_set in olds)
        return dict.fromkeys(sizes, 0) | {_name(new): total if gone else 0}
    surge, unavailable = limits(deployment)
    room = total + surge - sum(sizes.values())
    target = min(total, max(_size(new), room)) if _size(new) <= total else total
    return _shrink(olds, sizes, total - unavailable, new) | {_name(new): target}


def limits(deployment: Object) -> tuple[int, int]:
    """maxSurge and maxUnavailable as numbers of pods; never both zero."""
    total = deployment["spec"].get("replicas", 1)
    rolling = (deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    surge = _share(rolling.get("maxSurge", "25%"), total, math.ceil)
    unavailable = _share(rolling.get("maxUnavailable", "25%"), total, math.floor)
    return (surge, unavailable) if surge or unavailable else (0, 1)


def surplus(deployment: Object, new: Object | None, sets: Sequence[Object]) -> Sequence[Object]:
    """Old, empty ReplicaSets beyond the history to be kept."""
    kept = deployment["spec"].get("revisionHistoryLimit", 10)
    olds = [replica_set for replica_set in sets if new is None or _name(replica_set) != _name(new)]
    empty = [replica_set for replica_set in olds if not _size(replica_set) and not _count(replica_set, "replicas")]
    return sorted(empty, key=revision)[: max(0, len(empty) - kept)]


def status(deployment: Object, new: Object | None, sets: Sequence[Object]) -> Object:
    """The Deployment's status."""
    total = deployment["spec"].get("replicas", 1)
    available = sum(_count(replica_set, "availableReplicas") for replica_set in sets)
    counts = {
        "replicas": sum(_count(replica_set, "replicas") for replica_set in sets),
        "updatedReplicas": _count(new, "replicas") if new else 0,
        "readyReplicas": sum(_count(replica_set, "readyReplicas") for replica_set in sets),
        "availableReplicas": available,
        "unavailableReplicas": max(0, max(total, sum(_size(replica_set) for replica_set in sets)) - available),
    }
    known = {condition["type"]: condition for condition in (deployment.get("status") or {}).get("conditions") or ()}
    enough = available >= total - limits(deployment)[1]
    complete = counts["updatedReplicas"] == total == counts["replicas"] == available
    availability = ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    if enough:
        availability = ("MinimumReplicasAvailable", "Deployment has minimum availability.")
    subject = f'ReplicaSet "{_name(new) if new else ""}"'
    progress = ("ReplicaSetUpdated", f"{subject} is progressing.")
    if complete:
        progress = ("NewReplicaSetAvailable", f"{subject} has successfully progressed.")
    conditions = [
        _condition(known, "Available", enough, availability),
        _condition(known, "Progressing", True, progress),
    ]
    return {"observedGeneration": deployment["metadata"].get("generation", 0), "conditions": conditions, **counts}


def inherited_annotations(deployment: Object) -> dict[str, str]:
    """Annotations of the Deployment that its current ReplicaSet has too, the cause of the change among them."""
    annotations = deployment["metadata"].get("annotations") or {}
    return {key: value for key, value in annotations.items() if key not in OWN}


def size_annotations(deployment: Object) -> dict[str, str]:
    """The number of pods that the Deployment is to have, and the most it may have while it is rolled out."""
    total = deployment["spec"].get("replicas", 1)
    rolling = (deployment["spec"].get("strategy") or {}).get("type") != "Recreate"
    return {DESIRED: str(total), MOST: str(total + (limits(deployment)[0] if rolling else 0))}


def revision_annotations(replica_set: Object, revision: str) -> dict[str, str]:
    """The revision, and the earlier ones of a ReplicaSet whose template has come back."""
    known = replica_set["metadata"].get("annotations") or {}
    before = known.get(REVISION)
    if before in {None, revision}:
        return {REVISION: revision}
    return {REVISION: revision, HISTORY: ",".join(filter(None, (known.get(HISTORY), before)))}


def _shrink(olds: Sequence[Object], sizes: dict[str, int], minimum: int, new: Object) -> dict[str, int]:
    """Take pods from the old sets: the ones that are not available first, then as many as the minimum allows."""
    waiting = _size(new) - _count(new, "availableReplicas")
    spare = sum(sizes.values()) + _size(new) - minimum - max(0, waiting)
    shrunk = dict(sizes)
    for replica_set in olds:
        broken = min(max(0, spare), _size(replica_set) - _count(replica_set, "availableReplicas"))
        if broken > 0:
            shrunk[_name(replica_set)] -= broken
            spare -= broken
    spare = min(spare, sum(_count(replica_set, "availableReplicas") for replica_set in (*olds, new)) - minimum)
    for replica_set in sorted(olds, key=revision):
        taken = min(max(0, spare), shrunk[_name(replica_set)])
        shrunk[_name(replica_set)] -= taken
        spare -= taken
    return shrunk


def _condition(known: dict[str, Object], kind: str, holds: bool, why: tuple[str, str]) -> Object:
    before = known.get(kind) or {}
    state = "True" if holds else "False"
    now = clock.rfc3339(clock.now())
    if (before.get("status"), before.get("reason"), before.get("message")) == (state, *why):
        return before
    since = before.get("lastTransitionTime", now) if before.get("status") == state else now
    times = {"lastTransitionTime": since, "lastUpdateTime": now}
    return {"type": kind, "status": state, "reason": why[0], "message": why[1], **times}


def _plain(template: Object) -> Object:
    """The template without the hash that tells ReplicaSets apart."""
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != HASH}
    return {**template, "metadata": {**metadata, "labels": labels}}


def _share(value: int | str, whole: int, rounded: Callable[[float], int]) -> int:
    return value if isinstance(value, int) else rounded(whole * int(value.rstrip("%")) / 100)


def _name(item: Object) -> str:
    return str(item["metadata"]["name"])


def _size(replica_set: Object) -> int:
    return int(replica_set["spec"].get("replicas", 1))


def _count(replica_set: Object, which: str) -> int:
    return int((replica_set.get("status") or {}).get(which, 0))
