"""Requests, against the lab's own API server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from svcproof.api_kinds import CONFIG_MAPS, EVENTS, PODS, SERVICES, ApiKind
from svcproof.lab.client import ApiError, Client, PatchType, Recorder
from svcproof.lab.layout import LabConfig, NodeConfig, layout
from tests.lab.builtin_plane import serve

PLAN = layout(LabConfig(nodes=(NodeConfig("node-a"),)))
MAP = {"metadata": {"name": "one", "namespace": "default"}, "data": {"a": "1"}}


def play(scene: Callable[[Client], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with serve(PLAN) as client:
            return await scene(client)

    return asyncio.run(whole())


def test_an_object_is_created_read_replaced_and_deleted() -> None:
    async def scene(client: Client) -> Any:
        made = await client.create(CONFIG_MAPS, MAP)
        await client.replace(CONFIG_MAPS, {**made, "data": {"b": "2"}})
        read = await client.get(CONFIG_MAPS, "one", "default")
        await client.delete(CONFIG_MAPS, "one", "default", uid=made["metadata"]["uid"])
        listed = await client.list(CONFIG_MAPS, "default", field_selector="metadata.name=one")
        return made["kind"], read["data"], listed["items"]

    assert play(scene) == ("ConfigMap", {"b": "2"}, [])


@pytest.mark.parametrize(
    ("kind", "patch"),
    [
        (PatchType.MERGE, {"data": {"a": None, "b": "2"}}),
        (PatchType.STRATEGIC, {"data": {"a": None, "b": "2"}}),
        (PatchType.JSON, [{"op": "remove", "path": "/data/a"}, {"op": "add", "path": "/data/b", "value": "2"}]),
    ],
)
def test_each_kind_of_patch_is_sent_as_what_it_is(kind: PatchType, patch: Any) -> None:
    async def scene(client: Client) -> Any:
        await client.create(CONFIG_MAPS, MAP)
        return (await client.patch(CONFIG_MAPS, "one", patch, "default", type=kind))["data"]

    assert play(scene) == {"b": "2"}


def test_refusals_are_errors_with_status_and_reason() -> None:
    async def scene(client: Client) -> Any:
        with pytest.raises(ApiError) as missing:
            await client.get(SERVICES, "nothing", "default")
        with pytest.raises(ApiError) as stale:
            await client.replace(CONFIG_MAPS, {"metadata": {"name": "gone", "namespace": "default"}})
        return (missing.value.status, missing.value.reason), stale.value.not_found

    assert play(scene) == ((404, "NotFound"), True)


def test_all_kinds_of_the_server_are_found() -> None:
    async def scene(client: Client) -> Any:
        return await client.resources()

    found: tuple[ApiKind, ...] = play(scene)
    assert {PODS, SERVICES} <= set(found)
    assert not any("/" in one.plural for one in found)


def test_an_event_is_recorded_under_its_object() -> None:
    async def scene(client: Client) -> Any:
        made = await client.create(CONFIG_MAPS, MAP)
        await Recorder(client, "tester", "node-a").warning(made, "Broken", "it broke")
        (event,) = (await client.list(EVENTS, "default"))["items"]
        return event

    event = play(scene)
    assert (event["type"], event["reason"], event["message"]) == ("Warning", "Broken", "it broke")
    assert event["involvedObject"]["kind"] == "ConfigMap"
    assert event["source"] == {"component": "tester", "host": "node-a"}
