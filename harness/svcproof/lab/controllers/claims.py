"""The pods of a controller: those it owns, those it takes up, and those it lets go.

https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#non-template-pod-acquisitions
"""

from collections.abc import Iterable

from svcproof.api_kinds import PODS, REPLICATION_CONTROLLERS, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Event, Informer, Key
from svcproof.lab.controllers.owner import controller_of, is_controlled_by, owned_by
from svcproof.lab.controllers.pod import is_active
from svcproof.lab.controllers.selector import labels_of, matches


async def claim(client: Client, resource: ApiKind, owner: Object) -> list[Object]:
    """Return the owner's pods, after taking up active orphans its selector matches and letting go of strangers.

    Asked of the server: an informer may not know yet of a pod that was created a moment ago.
    """
    claimed = []
    for pod in (await client.list(PODS, owner["metadata"]["namespace"]))["items"]:
        fits = _selects(owner, pod)
        owned, orphan = is_controlled_by(pod, owner), controller_of(pod) is None
        if fits and orphan and is_active(pod):
            await _own(client, pod, owned_by(resource, owner))
        elif owned and not fits:
            await _own(client, pod, [])
        if fits and (owned or (orphan and is_active(pod))):
            claimed.append(pod)
    return claimed


def claimants(resource: ApiKind, informer: Informer, event: Event) -> Iterable[Key]:
    """The keys of those of a kind that an event of a pod concerns: its owner, or all that could take it up."""
    namespace = event.key[0]
    for state in (event.object, event.old):
        owner = controller_of(state) if state else None
        if owner and owner["kind"] == resource.kind:
            yield namespace, owner["name"]
    if controller_of(event.object) is None:
        for key, claimant in informer.items.items():
            if key[0] == namespace and _selects(claimant, event.object):
                yield key


def _selects(owner: Object, pod: Object) -> bool:
    """True if the owner's selector selects the pod, or, of a Job without a selector, if the Job made it."""
    selector = owner["spec"].get("selector")
    if not selector:
        return is_controlled_by(pod, owner)
    is_map_of_labels = owner["kind"] == REPLICATION_CONTROLLERS.kind
    return matches(labels_of(pod), {"matchLabels": selector} if is_map_of_labels else selector)


async def _own(client: Client, pod: Object, references: list[Object]) -> None:
    patch = {"metadata": {"uid": pod["metadata"]["uid"], "ownerReferences": references}}
    await client.patch(PODS, pod["metadata"]["name"], patch, pod["metadata"]["namespace"])
