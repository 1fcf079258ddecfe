"""The API client of checks, which notes what it reads and changes: of what the API does, that is the probe."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from svcproof.errors import Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.model.event import Change, Reading, Verb
from svcproof.plugin.notebook import Notebook

KEPT = ("Service", "EndpointSlice")
"""Kinds whose manifests are kept with their changes."""


class NotedKube(Kube):
    """A client that writes into the notebook of the check in progress."""

    def __init__(self, kubeconfig: Path, notebook: Notebook) -> None:
        super().__init__(kubeconfig)
        self._notebook = notebook

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        """Return one object."""
        began = time.monotonic()
        item = super().get(kind, name, namespace)
        version = _version(item)
        self._notebook.record([Reading(kind=kind, name=name, namespace=namespace, resource_version=version)], began)
        return item

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        """Return objects."""
        began = time.monotonic()
        items = super().list(kind, namespace, labels)
        self._notebook.record([Reading(kind=kind, namespace=namespace, labels=labels, objects=len(items))], began)
        return items

    def create(self, manifest: Object) -> Object:
        """Create an object."""
        return self._noted(_of(Verb.CREATE, manifest), lambda: super(NotedKube, self).create(manifest))

    def replace(self, manifest: Object) -> Object:
        """Replace an object."""
        return self._noted(_of(Verb.REPLACE, manifest), lambda: super(NotedKube, self).replace(manifest))

    def apply(self, manifest: Object) -> Object:
        """Apply an object."""
        return self._noted(_of(Verb.APPLY, manifest), lambda: super(NotedKube, self).apply(manifest))

    def patch(
        self, kind: str, name: str, namespace: str, patch: Object | Sequence[Object], *, status: bool = False
    ) -> Object:
        """Patch an object."""
        change = {"verb": Verb.PATCH, "kind": kind, "name": name, "namespace": namespace, "sent": patch}
        return self._noted(change, lambda: super(NotedKube, self).patch(kind, name, namespace, patch, status=status))

    def delete(self, kind: str, name: str, namespace: str = "", **how: Any) -> None:
        """Ask for an object's deletion."""

        def delete() -> Object:
            super(NotedKube, self).delete(kind, name, namespace, **how)
            return {}

        self._noted({"verb": Verb.DELETE, "kind": kind, "name": name, "namespace": namespace}, delete)

    def _noted(self, change: dict[str, Any], make: Callable[[], Object]) -> Object:
        began = time.monotonic()
        try:
            item = make()
        except Rejected as refusal:
            self._note(change, began, refused=str(refusal))
            raise
        self._note(change, began, resource_version=_version(item))
        return item

    def _note(self, change: dict[str, Any], began: float, **end: Any) -> None:
        self._notebook.record([Change(**change, **end, seconds=round(time.monotonic() - began, 4))], began)


def _of(verb: Verb, manifest: Object) -> dict[str, Any]:
    metadata = manifest["metadata"]
    sent = {key: value for key, value in manifest.items() if key not in {"apiVersion", "kind", "metadata"}}
    return {
        "verb": verb,
        "kind": manifest["kind"],
        "name": metadata.get("name", ""),
        "namespace": metadata.get("namespace", ""),
        "sent": sent if manifest["kind"] in KEPT else None,
    }


def _version(item: Object) -> str:
    return str(item.get("metadata", {}).get("resourceVersion", ""))
