"""A stand-in for an API server that is only read."""

from svcproof.errors import NotFound
from svcproof.json_objects import Object


class ReadOnlyKube:
    """Objects by kind, got and listed as from an API server."""

    def __init__(self, **objects: list[Object]) -> None:
        self._objects = objects

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        if item := self.find(kind, name, namespace):
            return item
        raise NotFound(f"no {kind} {name}", code=404, message="not found")

    def find(self, kind: str, name: str, namespace: str = "") -> Object:
        return next((item for item in self.list(kind, namespace) if item["metadata"]["name"] == name), {})

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        name = kind.rpartition(" ")[2]
        if "/" in kind and name not in self._objects:
            raise NotFound(f"no kind {kind}", code=404, message="not found")
        return [
            item
            for item in self._objects.get(name, [])
            if (not namespace or item["metadata"].get("namespace", namespace) == namespace)
            and all(
                item["metadata"].get("labels", {}).get(key) == value
                for key, _, value in (pair.partition("=") for pair in labels.split(",") if pair)
            )
        ]
