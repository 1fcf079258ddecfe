"""The API client of checks, which notes what it read and was refused: where a behaviour is about the API, that is the
probe.
"""

from pathlib import Path

from svcproof.errors import Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.plugin.notebook import Notebook


class NotedKube(Kube):
    """A Kube that notes each get and list."""

    def __init__(self, kubeconfig: Path, page: Notebook) -> None:
        super().__init__(kubeconfig)
        self._page = page

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        """Return one object."""
        obj = super().get(kind, name, namespace)
        self._page.note(f"API: {kind} {name} at resourceVersion {obj['metadata'].get('resourceVersion')}")
        return obj

    def create(self, manifest: Object) -> Object:
        """Create an object."""
        try:
            return super().create(manifest)
        except Rejected as refusal:
            self._page.note(f"API: {refusal}")
            raise

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        """Return objects."""
        objects = super().list(kind, namespace, labels)
        self._page.note(f"API: {len(objects)} of {kind} {labels}".rstrip())
        return objects
