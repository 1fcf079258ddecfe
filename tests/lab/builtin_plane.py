"""The lab's own API server on a unix socket, with a client of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.client import Client
from svcproof.lab.layout import Layout


@asynccontextmanager
async def serve(plan: Layout) -> AsyncIterator[Client]:
    runner = web.AppRunner(application(ApiConfig(layout=plan, token="")), shutdown_timeout=0.01)
    await runner.setup()
    with TemporaryDirectory() as directory:
        path = Path(directory, "api.sock")
        try:
            await web.UnixSite(runner, path).start()
            async with Client("http://lab", socket=path) as client:
                yield client
        finally:
            await runner.cleanup()
