"""Watches: streams of changes, one JSON document a line.

https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from random import uniform

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, expired, forbidden, not_supported, unprocessable
from svcproof.lab.apiserver.present import Presenter, presenter
from svcproof.lab.apiserver.read import parse_version
from svcproof.lab.apiserver.selectors import Predicate, predicate
from svcproof.lab.apiserver.store import Change, Store
from svcproof.lab.apiserver.target import Target, flag, number

BOOKMARK_EVERY = 60.0
"""Seconds between bookmarks."""
LONGEST = (1800.0, 3600.0)
"""Limits of the random seconds after which a watch ends, unless the client sets a time-out."""
Event = tuple[str, Object]
WATCHES = web.AppKey("WATCHES", set["asyncio.Task[object]"])
"""The tasks of the watches that are open."""


async def watch(store: Store, target: Target, request: web.Request) -> web.StreamResponse:
    """Stream changes until the client goes or its time is up."""
    show = presenter(request, target.resource)
    query = request.query
    check_watch_options(query)
    selected = predicate(target.resource, target.namespace, target.name, query)
    version = parse_version(store, query.get("resourceVersion", ""))
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Cache-Control": "no-cache, private"})
    response.enable_chunked_encoding()
    with _open(request.app), store.changes(target.resource.store) as queue:
        opening = list(_initial_events(store, target, selected, version, query))
        reached = store.version
        await response.prepare(request)
        stream = _Stream(response, show)
        # A client that goes away is how most watches end.
        with suppress(ConnectionResetError):
            for kind, item in opening:
                await stream.send(kind, item)
            if flag(query, "sendInitialEvents"):
                await stream.bookmark(reached, initial=True)
            if not opening or opening[-1][0] != "ERROR":
                await _follow(store, stream, queue, selected, query, reached)
    return response


async def end_watches(app: web.Application) -> None:
    """End the open watches, which would keep the application from ending."""
    for task in app[WATCHES]:
        task.cancel()


@contextmanager
def _open(app: web.Application) -> Iterator[None]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a watch is answered outside a task")
    app[WATCHES].add(task)
    try:
        yield
    finally:
        app[WATCHES].discard(task)


async def _follow(
    store: Store,
    stream: "_Stream",
    queue: asyncio.Queue[Change],
    selected: Predicate,
    query: Mapping[str, str],
    reached: int,
) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + (number(query, "timeoutSeconds") or uniform(*LONGEST))
    bookmarks = flag(query, "allowWatchBookmarks")
    while (now := loop.time()) < end:
        try:
            async with asyncio.timeout(min(end - now, BOOKMARK_EVERY)):
                change = await queue.get()
        except TimeoutError:
            if bookmarks and loop.time() < end:
                await stream.bookmark(store.version, initial=False)
            continue
        if change.version > reached and (event := transition(change, selected)):
            await stream.send(*event)


def _initial_events(
    store: Store, target: Target, selected: Predicate, version: int, query: Mapping[str, str]
) -> Iterator[Event]:
    """Yield the events with which a watch begins: the present objects, or the changes since a version."""
    initial = query.get("sendInitialEvents", "")
    if flag(query, "sendInitialEvents") or (not initial and version == 0):
        for item in store.items(target.resource.store):
            if selected(item):
                yield "ADDED", item
    elif version and version < store.oldest():
        yield "ERROR", expired(f"too old resource version: {version} ({store.oldest()})").status
    elif version:
        for change in store.since(target.resource.store, version):
            if event := transition(change, selected):
                yield event


def transition(change: Change, selected: Predicate) -> Event | None:
    """Return the event of a change: an object that leaves the selection is deleted, one that enters it added."""
    was_selected = change.old is not None and selected(change.old)
    is_selected = not change.deleted and selected(change.new)
    if is_selected:
        return ("MODIFIED" if was_selected else "ADDED"), change.new
    if not was_selected or change.old is None:
        return None
    if change.deleted:
        return "DELETED", change.new
    return "DELETED", {**change.old, "metadata": {**change.old["metadata"], "resourceVersion": str(change.version)}}


class _Stream:
    def __init__(self, response: web.StreamResponse, show: Presenter) -> None:
        self._response = response
        self._show = show
        self._first = True

    async def send(self, kind: str, item: Object) -> None:
        shown = item if kind == "ERROR" else self._show.event(item, first=self._first)
        await self._write(kind, shown)

    async def bookmark(self, version: int, *, initial: bool) -> None:
        shown = self._show.bookmark(version, initial=initial)
        if not self._first and "columnDefinitions" in shown:
            shown["columnDefinitions"] = None
        await self._write("BOOKMARK", shown)

    async def _write(self, kind: str, shown: Object) -> None:
        self._first = False
        line = json.dumps({"type": kind, "object": shown}, ensure_ascii=False, separators=(",", ":")) + "\n"
        await self._response.write(line.encode())


def check_watch_options(query: Mapping[str, str]) -> None:
    """Refuse combinations of options that make no sense; raises ApiError 422."""
    match, initial = query.get("resourceVersionMatch", ""), query.get("sendInitialEvents", "")
    field, causes = "resourceVersionMatch", list[Cause]()
    if initial and match != "NotOlderThan":
        causes.append(forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    if match:
        if not initial:
            why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
            causes.append(forbidden(field, why))
        if match != "NotOlderThan":
            causes.append(not_supported(field, match, ("NotOlderThan",)))
    if causes:
        raise unprocessable("ListOptions", "meta.k8s.io", "", causes)
