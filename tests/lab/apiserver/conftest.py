"""A server on 127.0.0.1, in a thread of its own, for the programs that talk to it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aiohttp import web

from harness.lab.apiserver import ApiConfig, application
from harness.lab.layout import Layout, layout
from harness.lab.process import certificates
from harness.model.cluster_spec import ClusterSpec

TOKEN = "secret"


@dataclass
class Served:
    """Where a server listens, and a small client for it."""

    url: str
    https: str
    authority: str

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **headers}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with urlopen(Request(self.url + path, content, headers, method=method), timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            with error:
                return error.code, json.loads(error.read())


@pytest.fixture(scope="session")
def places() -> Layout:
    return layout(
        ClusterSpec.model_validate(
            {
                "name": "test",
                "provider": "lab",
                "nodes": [{"name": "node-a"}, {"name": "node-b"}],
                "podRanges": ["10.244.0.0/16"],
                "serviceRanges": ["10.96.0.0/16"],
                "nodeRanges": ["172.30.0.0/24"],
            }
        )
    )


@pytest.fixture
def server(places: Layout, tmp_path: Path) -> Iterator[Served]:
    certificates.write(tmp_path, places)
    authority = (tmp_path / "ca.crt").read_text()
    ready, stopping = threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        app = application(ApiConfig(layout=places, token=TOKEN, authority=authority))
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        for context in (None, certificates.server_context(tmp_path)):
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
            await site.start()
        ports.extend(address[1] for address in runner.addresses)
        ready.set()
        await stopping.wait()
        await runner.cleanup()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the server did not start within 10 s")
    yield Served(f"http://127.0.0.1:{ports[0]}", f"https://127.0.0.1:{ports[1]}", authority)
    loop.call_soon_threadsafe(stopping.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def kubeconfig(server: Served, tmp_path: Path) -> Path:
    authority = tmp_path / "ca.pem"
    authority.write_text(server.authority)
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": {"server": server.https, "certificate-authority": str(authority)}}],
        "users": [{"name": "admin", "user": {"token": TOKEN}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
        "current-context": "lab",
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(content))
    return file
