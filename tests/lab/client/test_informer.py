"""Informers against a server that is scripted to misbehave, which a real one only does on bad days."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from svcproof.api_kinds import SERVICES
from svcproof.lab.client import ApiError, ChangeType, Client, Event, Informer

Object = dict[str, Any]
GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}}


def service(name: str, version: int) -> Object:
    return {"metadata": {"name": name, "namespace": "shop", "resourceVersion": str(version)}}


def change(kind: str, name: str, version: int) -> Object:
    return {"type": kind, "object": service(name, version)}


class Script:
    """Answers lists and watches in turn as it was told, and remembers what it was asked."""

    def __init__(self, lists: list[list[Object]], watches: list[list[Object] | int]) -> None:
        self._lists = lists
        self._watches = watches
        self.asked: list[dict[str, str]] = []
        self.still = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        if request.query.get("watch") != "true":
            items = self._lists.pop(0)
            version = max((int(one["metadata"]["resourceVersion"]) for one in items), default=1)
            return web.json_response({"items": items, "metadata": {"resourceVersion": str(version)}})
        if not self._watches:
            await self.still.wait()
            return web.Response()
        events = self._watches.pop(0)
        if isinstance(events, int):
            return web.json_response({"kind": "Status", "code": events, "reason": "Expired"}, status=events)
        return web.Response(body=b"".join(json.dumps(one).encode() + b"\n" for one in events))


@asynccontextmanager
async def informer(script: Script, tmp_path: Any, **selectors: str) -> AsyncIterator[Informer]:
    app = web.Application()
    app.router.add_get("/{path:.*}", script.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.UnixSite(runner, tmp_path / "api.sock").start()
    async with Client("http://lab", socket=tmp_path / "api.sock") as client:
        made = Informer(client, SERVICES, "shop", **selectors)
        running = asyncio.create_task(made.run())
        try:
            async with asyncio.timeout(20):
                yield made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            script.still.set()
    await runner.cleanup()


def play(scene: Callable[[], Awaitable[Any]]) -> Any:
    return asyncio.run(scene())


async def take(made: Informer, count: int) -> list[tuple[str, str]]:
    seen: list[tuple[str, str]] = []
    events = made.events()
    try:
        async for event in events:
            seen.append((event.change.value, event.object["metadata"]["name"]))
            if len(seen) == count:
                break
    finally:
        await events.aclose()
    return seen


def test_what_is_there_comes_first_then_each_change(tmp_path) -> None:
    async def scene() -> Any:
        watch = [change("ADDED", "two", 5), change("MODIFIED", "one", 6), change("DELETED", "two", 7)]
        script = Script([[service("one", 3)]], [watch])
        async with informer(script, tmp_path, label_selector="a=b", field_selector="spec.type!=x") as made:
            seen = await take(made, 4)
            await made.synced()
            return seen, set(made.items), script.asked

    seen, left, asked = play(scene)
    assert seen == [("ADDED", "one"), ("ADDED", "two"), ("MODIFIED", "one"), ("DELETED", "two")]
    assert left == {("shop", "one")}
    assert {(one["labelSelector"], one["fieldSelector"]) for one in asked} == {("a=b", "spec.type!=x")}
    assert asked[1]["resourceVersion"] == "3"


def test_a_watch_that_ends_is_resumed_where_it_stopped(tmp_path) -> None:
    async def scene() -> Any:
        bookmark = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}}
        script = Script([[]], [[change("ADDED", "one", 5), bookmark], [change("ADDED", "two", 12)]])
        async with informer(script, tmp_path) as made:
            await take(made, 2)
            return script.asked

    versions = [one.get("resourceVersion") for one in play(scene)]
    assert versions[:3] == [None, "1", "9"]


@pytest.mark.parametrize("expiry", [410, [GONE]], ids=["as a response", "as an event"])
def test_an_expired_version_is_met_by_a_new_list_and_only_differences_are_told(tmp_path, expiry: Any) -> None:
    async def scene() -> Any:
        first = [service("gone", 2), service("kept", 3), service("changed", 4)]
        second = [service("kept", 3), service("changed", 8), service("new", 9)]
        async with informer(Script([first, second], [expiry]), tmp_path) as made:
            seen = await take(made, 6)
            return seen, set(made.items)

    seen, left = play(scene)
    assert seen[3:] == [("DELETED", "gone"), ("MODIFIED", "changed"), ("ADDED", "new")]
    assert left == {("shop", "kept"), ("shop", "changed"), ("shop", "new")}


def test_a_server_that_is_not_there_yet_is_waited_for(tmp_path) -> None:
    async def scene() -> Any:
        async with Client("http://lab", socket=tmp_path / "api.sock") as client:
            made = Informer(client, SERVICES)
            running = asyncio.create_task(made.run())
            await asyncio.sleep(0)
            app = web.Application()
            app.router.add_get("/{path:.*}", Script([[service("one", 3)]], [[]] * 50).answer)
            runner = web.AppRunner(app, shutdown_timeout=0.01)
            await runner.setup()
            await web.UnixSite(runner, tmp_path / "api.sock").start()
            await made.synced()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await runner.cleanup()
        return set(made.items)

    assert play(scene) == {("shop", "one")}


def test_an_event_knows_what_was_before(tmp_path) -> None:
    async def scene() -> Any:
        script = Script([[service("one", 3)]], [[change("MODIFIED", "one", 6)]])
        async with informer(script, tmp_path) as made:
            async for event in made.events():
                if event.change is ChangeType.MODIFIED:
                    return event
        return None

    event = play(scene)
    assert isinstance(event, Event)
    assert event.old is not None
    assert (event.old["metadata"]["resourceVersion"], event.object["metadata"]["resourceVersion"]) == ("3", "6")
    assert event.object["kind"] == "Service"


def test_a_refusal_names_the_request_and_the_reason() -> None:
    status = {"kind": "Status", "code": 409, "reason": "AlreadyExists", "message": 'pods "x" already exists'}
    error = ApiError.of(409, status, "POST /api/v1/pods")
    assert error.conflict
    assert "POST /api/v1/pods" in str(error)
    assert "AlreadyExists" in str(error)


def test_a_refusal_by_something_that_is_no_api_server_is_told_too() -> None:
    assert "bad gateway" in str(ApiError.of(502, "bad gateway"))
