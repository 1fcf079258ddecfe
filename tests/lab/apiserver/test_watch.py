"""The beginning, the events and the end of watches."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application, store
from tests.lab.apiserver.serving import TOKEN, places

ALL = "http://lab/api/v1/namespaces/default/configmaps"
Scenario = Callable[[aiohttp.ClientSession, web.AppRunner], Awaitable[Any]]


def run(directory: Path, scenario: Scenario) -> Any:
    """Run a scenario against a server on a unix socket."""

    async def within() -> Any:
        runner = web.AppRunner(application(ApiConfig(layout=places(), token=TOKEN)))
        await runner.setup()
        await web.UnixSite(runner, str(directory / "api.sock")).start()
        async with (
            asyncio.timeout(30),
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(directory / "api.sock"))) as session,
        ):
            result = await scenario(session, runner)
        await runner.cleanup()
        return result

    return asyncio.run(within())


def test_a_watch_ends_when_its_time_is_up(tmp_path: Path) -> None:
    async def scenario(session: aiohttp.ClientSession, runner: web.AppRunner) -> list[str]:
        async with session.get(f"{ALL}?watch=true&timeoutSeconds=1") as answer:
            return [json.loads(line)["type"] async for line in answer.content]

    assert run(tmp_path, scenario) == ["ADDED"]


def test_a_watch_from_a_forgotten_version_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "REMEMBERED", 20)

    async def scenario(session: aiohttp.ClientSession, runner: web.AppRunner) -> Any:
        await session.post(ALL, json={"metadata": {"name": "c"}})
        for number in range(20):
            labels = {"metadata": {"labels": {"n": str(number)}}}
            media = {"Content-Type": "application/merge-patch+json"}
            async with session.patch(f"{ALL}/c", data=json.dumps(labels), headers=media) as answer:
                answer.raise_for_status()
        async with session.get(f"{ALL}?watch=true&resourceVersion=1") as answer:
            return [json.loads(line) async for line in answer.content]

    events = run(tmp_path, scenario)

    assert [(event["type"], event["object"]["code"], event["object"]["reason"]) for event in events] == [
        ("ERROR", 410, "Expired")
    ]


def test_the_server_ends_with_its_watches_open(tmp_path: Path) -> None:
    async def scenario(session: aiohttp.ClientSession, runner: web.AppRunner) -> int:
        async with session.get(f"{ALL}?watch=true") as answer:
            await answer.content.readline()
            await runner.cleanup()
            return answer.status

    assert run(tmp_path, scenario) == 200
