"""Deletes what its owners have left behind.

https://kubernetes.io/docs/concepts/architecture/garbage-collection/
"""

from collections.abc import Iterable

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, ChangeType, Client, Controller, Event
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.writing import delete_existing

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"


class GarbageCollector(Controller[str]):
    """As kube-controller-manager's garbage collector, for the kinds that the controllers watch."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        resources = [informer.resource for informer in informers]
        self._kinds = {(resource.api_version, resource.kind): resource for resource in resources}
        self._known: dict[str, tuple[ApiKind, Object]] = {}
        """The objects that exist, by uid."""
        super().__init__("garbage", [(informer, self._concerned) for informer in informers], self.reconcile)

    async def reconcile(self, uid: str) -> None:
        """Do what one object waits for, or delete it if its owners are gone."""
        if uid not in self._known:
            return
        resource, item = self._known[uid]
        finalizers = item["metadata"].get("finalizers") or ()
        if "deletionTimestamp" in item["metadata"]:
            if FOREGROUND in finalizers and not await self._delete_dependents(uid):
                await self._let_go(resource, item, FOREGROUND)
            elif ORPHAN in finalizers:
                await self._orphan_dependents(uid)
                await self._let_go(resource, item, ORPHAN)
        elif not await self._is_wanted(item):
            await delete_existing(self._client, resource, item, "Background")

    def _concerned(self, event: Event) -> Iterable[str]:
        """Keep `_known` up to date; an object's end concerns those it owned, and those that waited for it."""
        metadata = event.object["metadata"]
        uid = metadata["uid"]
        owners = [reference["uid"] for reference in metadata.get("ownerReferences") or ()]
        if event.change is ChangeType.DELETED:
            self._known.pop(uid, None)
            return [*owners, *(dependent["metadata"]["uid"] for _, dependent in self._dependents(uid))]
        resource = self._kinds[event.object["apiVersion"], event.object["kind"]]
        self._known[uid] = resource, event.object
        return [uid] if owners or "deletionTimestamp" in metadata else []

    def _dependents(self, uid: str) -> list[tuple[ApiKind, Object]]:
        return [
            (resource, item)
            for resource, item in self._known.values()
            if any(reference["uid"] == uid for reference in item["metadata"].get("ownerReferences") or ())
        ]

    async def _is_wanted(self, item: Object) -> bool:
        owners = item["metadata"].get("ownerReferences") or ()
        return not owners or any([await self._exists(item, owner) for owner in owners])

    async def _exists(self, item: Object, owner: Object) -> bool:
        """True if an owner exists: the server is asked for one not known yet; one of an unknown kind is believed in."""
        resource = self._kinds.get((owner["apiVersion"], owner["kind"]))
        if owner["uid"] in self._known or resource is None:
            return True
        try:
            existing = await self._client.get(resource, owner["name"], item["metadata"].get("namespace"))
        except ApiError as error:
            if error.not_found:
                return False
            raise
        return bool(existing["metadata"]["uid"] == owner["uid"])

    async def _delete_dependents(self, uid: str) -> bool:
        """Delete what the object owns; whether any of it that it must wait for is still there."""
        dependents = self._dependents(uid)
        for resource, item in dependents:
            if "deletionTimestamp" not in item["metadata"]:
                await delete_existing(self._client, resource, item, "Foreground")
        references = (reference for _, item in dependents for reference in item["metadata"]["ownerReferences"])
        return any(reference["uid"] == uid and reference.get("blockOwnerDeletion") for reference in references)

    async def _orphan_dependents(self, uid: str) -> None:
        for resource, item in self._dependents(uid):
            kept = [reference for reference in item["metadata"]["ownerReferences"] if reference["uid"] != uid]
            await self._patch(resource, item, {"ownerReferences": kept})

    async def _let_go(self, resource: ApiKind, item: Object, finalizer: str) -> None:
        kept = [name for name in item["metadata"]["finalizers"] if name != finalizer]
        await self._patch(resource, item, {"finalizers": kept, "resourceVersion": item["metadata"]["resourceVersion"]})

    async def _patch(self, resource: ApiKind, item: Object, change: Object) -> None:
        metadata = item["metadata"]
        patch = {"metadata": {"uid": metadata["uid"], **change}}
        await self._client.patch(resource, metadata["name"], patch, metadata.get("namespace"))
