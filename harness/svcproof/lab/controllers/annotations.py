"""Annotations by which a ReplicaSet tells of the rollout that it belongs to; `kubectl rollout history` reads them.

https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#checking-rollout-history-of-a-deployment
"""

from svcproof.json_objects import Object
from svcproof.lab.controllers.rollout import REVISION, limits

PREFIX = "deployment.kubernetes.io/"
DESIRED, MOST, HISTORY = f"{PREFIX}desired-replicas", f"{PREFIX}max-replicas", f"{PREFIX}revision-history"
OWN = frozenset(
    {
        *(REVISION, DESIRED, MOST, HISTORY),
        *("kubectl.kubernetes.io/last-applied-configuration", "deprecated.deployment.rollback.to"),
    }
)
"""Annotations that a ReplicaSet does not take over from its Deployment."""


def inherited(deployment: Object) -> dict[str, str]:
    """Annotations of the Deployment that its current ReplicaSet has too, the cause of the change among them."""
    annotations = deployment["metadata"].get("annotations") or {}
    return {key: value for key, value in annotations.items() if key not in OWN}


def sizes(deployment: Object) -> dict[str, str]:
    """The number of pods that the Deployment is to have, and the most it may have while it is rolled out."""
    total = deployment["spec"].get("replicas", 1)
    rolling = (deployment["spec"].get("strategy") or {}).get("type") != "Recreate"
    return {DESIRED: str(total), MOST: str(total + (limits(deployment)[0] if rolling else 0))}


def numbered(replica_set: Object, revision: str) -> dict[str, str]:
    """The revision, and the earlier ones of a ReplicaSet whose template has come back."""
    known = replica_set["metadata"].get("annotations") or {}
    before = known.get(REVISION)
    if before in {None, revision}:
        return {REVISION: revision}
    return {REVISION: revision, HISTORY: ",".join(filter(None, (known.get(HISTORY), before)))}
