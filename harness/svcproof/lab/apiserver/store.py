"""The objects, their versions, and the recent changes that watches are fed from."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from svcproof.json_objects import Object

Key = tuple[str, str]
"""Namespace (empty for cluster-wide kinds) and name."""
REMEMBERED = 1000
"""The number of changes kept for watches that resume: some 5 MB of pods."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write at `version`: `old` is None for a creation, `deleted` says that `new` is the last state."""

    version: int
    store: str
    old: Object | None
    new: Object
    deleted: bool = False


class Store:
    """The store of all objects, which are replaced and never changed in place: readers must not write to them."""

    def __init__(self) -> None:
        self.version = 0
        self._objects: defaultdict[str, dict[Key, Object]] = defaultdict(dict)
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._watchers: defaultdict[str, set[asyncio.Queue[Change]]] = defaultdict(set)

    def get(self, store: str, key: Key) -> Object | None:
        """Return one object."""
        return self._objects[store].get(key)

    def items(self, store: str, namespace: str = "") -> list[Object]:
        """Return the objects of a namespace, or of all, in the order of their keys."""
        objects = self._objects[store]
        return [objects[key] for key in sorted(objects) if not namespace or key[0] == namespace]

    def put(self, store: str, item: Object) -> Object:
        """Create or replace an object; returns it with its new resourceVersion."""
        key = key_of(item)
        old = self._objects[store].get(key)
        new = self._next_version(item)
        self._objects[store][key] = new
        self._publish(Change(self.version, store, old, new))
        return new

    def remove(self, store: str, last: Object) -> Object:
        """Delete an object, whose `last` state may be new; returns that with a resourceVersion of its own."""
        old = self._objects[store].pop(key_of(last))
        new = self._next_version(last)
        self._publish(Change(self.version, store, old, new, deleted=True))
        return new

    def oldest(self) -> int:
        """The oldest version since which all changes are kept."""
        return self._changes[0].version - 1 if len(self._changes) == REMEMBERED else 0

    def since(self, store: str, version: int) -> list[Change]:
        """Return the changes after `version`, which must not be older than `oldest()`."""
        return [change for change in self._changes if change.version > version and change.store == store]

    def items_at(self, store: str, version: int) -> list[Object]:
        """Return the objects as of `version`: the present state with later changes undone."""
        objects = dict(self._objects[store])
        for change in reversed(self.since(store, version)):
            if change.old is None:
                objects.pop(key_of(change.new), None)
            else:
                objects[key_of(change.old)] = change.old
        return [objects[key] for key in sorted(objects)]

    @contextmanager
    def changes(self, store: str) -> Iterator[asyncio.Queue[Change]]:
        """Put every change within the context into the queue."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._watchers[store].add(queue)
        try:
            yield queue
        finally:
            self._watchers[store].discard(queue)

    def _next_version(self, item: Object) -> Object:
        self.version += 1
        return {**item, "metadata": {**item["metadata"], "resourceVersion": str(self.version)}}

    def _publish(self, change: Change) -> None:
        self._changes.append(change)
        for queue in self._watchers[change.store]:
            queue.put_nowait(change)


def key_of(item: Object) -> Key:
    """Return the key of an object."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]
