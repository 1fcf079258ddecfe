"""A stand-in for an API server that is only read."""

from svcproof.errors import NotFound
from svcproof.json_objects import Object


class Shelf:
    """Objects by kind, got and listed as from an API server."""

    def __init__(self, **objects: list[Object]) -> None:
        self._objects = objects

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        for one in self.list(kind, namespace):
            if one["metadata"]["name"] == name:
                return one
        raise NotFound(f"no {kind} {name}", code=404, message="not found")

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        name = kind.rpartition(" ")[2]
        if "/" in kind and name not in self._objects:
            raise NotFound(f"no kind {kind}", code=404, message="not found")
        return [
            one
            for one in self._objects.get(name, [])
            if (not namespace or one["metadata"].get("namespace", namespace) == namespace)
            and all(
                one["metadata"].get("labels", {}).get(key) == value
                for key, _, value in (pair.partition("=") for pair in labels.split(",") if pair)
            )
        ]
