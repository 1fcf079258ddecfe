"""A client of a real API server."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from svcproof.lab.client import Client
from tests.real_plane import TOKEN, RealApiServer


class RealPlane:
    """etcd and kube-apiserver, which run; called, it connects."""

    def __init__(self, server: RealApiServer) -> None:
        self._server = server

    @property
    def server(self) -> RealApiServer:
        """The server, for programs that are its clients."""
        return self._server

    @property
    def kubeconfig(self) -> Path:
        return self._server.kubeconfig

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Client]:
        context = ssl.create_default_context(cafile=self._server.place.authority)
        async with Client(self._server.url, token=TOKEN, ssl=context) as client:
            yield client
