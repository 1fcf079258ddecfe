"""Empties namespaces that are being deleted, then lets them go."""

from collections.abc import Sequence

from svcproof.api_kinds import NAMESPACES, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.writing import delete_existing

FINALIZER = "kubernetes"
PAUSE = 0.2
"""Seconds until it is looked again whether what was deleted is gone: pods end gracefully."""


class NamespaceController(Controller[Key]):
    """As kube-controller-manager's namespace-controller."""

    def __init__(self, client: Client, informers: Informers) -> None:
        self._client = client
        self._informers = informers
        self._kinds: tuple[ApiKind, ...] = ()
        self._remaining: dict[str, Sequence[ApiKind]] = {}
        """Kinds that a namespace, by uid, may still have objects of."""
        super().__init__("namespace", [(informers.namespaces, itself)], self.reconcile)

    async def reconcile(self, key: Key) -> None:
        """Delete what is in one namespace; when nothing is left, take the finalizer away."""
        namespace = self._informers.namespaces.items.get(key)
        if namespace is None or "deletionTimestamp" not in namespace["metadata"]:
            return
        if FINALIZER not in (namespace["spec"].get("finalizers") or ()):
            return
        uid, name = namespace["metadata"]["uid"], namespace["metadata"]["name"]
        if not self._kinds:
            self._kinds = tuple(kind for kind in await self._client.resources() if kind.namespaced)
        remaining = [kind for kind in self._remaining.get(uid, self._kinds) if await self._empty(kind, name)]
        self._remaining[uid] = remaining
        if remaining:
            self.after(PAUSE, key)
            return
        await self._finalize(namespace)
        del self._remaining[uid]

    async def _empty(self, resource: ApiKind, namespace: str) -> bool:
        """Delete all objects of one kind; whether there were any."""
        items = (await self._client.list(resource, namespace))["items"]
        for item in items:
            if "deletionTimestamp" not in item["metadata"]:
                await delete_existing(self._client, resource, item, "Background")
        return bool(items)

    async def _finalize(self, namespace: Object) -> None:
        kept = [name for name in namespace["spec"]["finalizers"] if name != FINALIZER]
        body = {**namespace, "spec": {**namespace["spec"], "finalizers": kept}}
        await self._client.replace(NAMESPACES, body, subresource="finalize")
