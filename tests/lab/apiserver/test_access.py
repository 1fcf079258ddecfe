"""Access to the API server: callers, sockets and tokens."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application
from tests.lab.apiserver.conftest import Ask
from tests.lab.apiserver.serving import TOKEN, Served, places


async def _status(url: str, token: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
        return answer.status


@pytest.mark.parametrize(("token", "status"), [(TOKEN, 200), ("", 401), ("wrong", 401)])
def test_a_caller_over_tcp_needs_the_token(server: Served, token: str, status: int) -> None:
    assert asyncio.run(_status(f"{server.url}/api/v1/nodes", token)) == status


def test_health_is_told_to_anybody(server: Served) -> None:
    assert asyncio.run(_status(f"{server.url}/readyz")) == 200


def test_the_token_of_a_service_account_is_good(server: Served, ask: Ask) -> None:
    _, answer = ask("POST", "/api/v1/namespaces/default/serviceaccounts/default/token", {"spec": {"audiences": []}})

    assert asyncio.run(_status(f"{server.url}/api/v1/nodes", answer["status"]["token"])) == 200


def test_a_caller_on_the_unix_socket_is_trusted(tmp_path: Path) -> None:
    async def scenario() -> int:
        runner = web.AppRunner(application(ApiConfig(layout=places(), token=TOKEN)))
        await runner.setup()
        await web.UnixSite(runner, str(tmp_path / "api.sock")).start()
        connector = aiohttp.UnixConnector(str(tmp_path / "api.sock"))
        async with aiohttp.ClientSession(connector=connector) as session, session.get("http://lab/api/v1/nodes") as got:
            status = got.status
        await runner.cleanup()
        return status

    assert asyncio.run(scenario()) == 200


@pytest.mark.parametrize("path", ["/version", "/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1"])
def test_a_slash_at_the_end_makes_no_difference(ask: Ask, path: str) -> None:
    status, answer = ask("GET", path)

    assert status == 200
    assert ask("GET", f"{path}/") == (200, answer)
