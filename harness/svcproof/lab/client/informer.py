"""A local copy of a collection, kept up to date by list and watch."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import aiohttp

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client.client import Client
from svcproof.lab.client.error import ApiError

Key = tuple[str, str]
"""Namespace (empty for cluster-scoped objects) and name."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
log = logging.getLogger(__name__)


class ChangeType(StrEnum):
    """The type of a change, in the words of watch events."""

    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class Event:
    """One change: `object` is the new state (the last one known when deleted), `old` the one before it."""

    change: ChangeType
    object: Object
    old: Object | None = None

    @property
    def key(self) -> Key:
        """Namespace and name of the object."""
        return key(self.object)


def key(item: Object) -> Key:
    """Namespace and name of an object."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


class Informer:
    """Lists and watches one resource while `run()` runs; survives disconnects and expired resource versions.

    `items` is always the latest known state, and must not be changed by its readers.
    """

    def __init__(
        self,
        client: Client,
        resource: ApiKind,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
    ) -> None:
        self.resource = resource
        self._client = client
        self._namespace = namespace
        self._selectors = {"label_selector": label_selector, "field_selector": field_selector}
        self._items: dict[Key, Object] = {}
        self._listed = asyncio.Event()
        self._readers: set[asyncio.Queue[Event]] = set()

    @property
    def items(self) -> Mapping[Key, Object]:
        """A live, read-only view of the objects by (namespace, name)."""
        return MappingProxyType(self._items)

    async def synced(self) -> None:
        """Wait until `items` holds everything that existed when the informer was started."""
        await self._listed.wait()

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the objects there are as ADDED, then every change; ends only by cancellation."""
        changes: asyncio.Queue[Event] = asyncio.Queue()
        for item in self._items.values():
            changes.put_nowait(Event(ChangeType.ADDED, item))
        self._readers.add(changes)
        try:
            while True:
                yield await changes.get()
        finally:
            self._readers.discard(changes)

    async def run(self) -> None:
        """Keep `items` up to date until cancelled."""
        version, pause = "", FIRST_PAUSE
        while True:
            try:
                version = version or await self._list()
                async for event in self._client.watch(self.resource, version, self._namespace, **self._selectors):
                    pause = FIRST_PAUSE
                    version = self._apply(event)
            except ApiError as error:
                log.info("watching %s anew: %s", self.resource.plural, error)
                version = ""
            except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
                log.info("watching %s again from %s: %s", self.resource.plural, version or "a new list", error)
            else:
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _list(self) -> str:
        """List all objects, pass the differences on to readers, and return the version to watch from."""
        listing = await self._client.list(self.resource, self._namespace, **self._selectors)
        items = {key(item): item for item in listing["items"]}
        for gone in self._items.keys() - items.keys():
            self._tell(ChangeType.DELETED, self._items[gone])
        for name, item in items.items():
            known = self._items.get(name)
            if known is None or known["metadata"]["resourceVersion"] != item["metadata"]["resourceVersion"]:
                self._tell(ChangeType.MODIFIED if known else ChangeType.ADDED, item)
        self._listed.set()
        return str(listing["metadata"]["resourceVersion"])

    def _apply(self, event: Object) -> str:
        """Apply one watch event and return the version reached."""
        if event["type"] == "ERROR":
            raise ApiError.of(event["object"].get("code", 500), event["object"], f"watch {self.resource.plural}")
        if event["type"] != "BOOKMARK":
            self._tell(ChangeType(event["type"]), event["object"])
        return str(event["object"]["metadata"]["resourceVersion"])

    def _tell(self, change: ChangeType, item: Object) -> None:
        name = key(item)
        old = self._items.get(name)
        if change is ChangeType.DELETED:
            self._items.pop(name, None)
        else:
            # Items of a list do not carry their kind; readers that write them back or refer to them need it.
            item.setdefault("apiVersion", self.resource.api_version)
            item.setdefault("kind", self.resource.kind)
            self._items[name] = item
        for reader in self._readers:
            reader.put_nowait(Event(change, item, old))
