"""A real control plane that runs on loopback, and how to reach it."""

import asyncio
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from svcproof.lab.client import Client

START = 60.0
TOKEN = "secret"
ASK = (
    "import ssl, sys, urllib.request as u;"
    "u.urlopen(u.Request(sys.argv[1] + '/readyz', headers={'Authorization': 'Bearer ' + sys.argv[3]}),"
    " context=ssl.create_default_context(cafile=sys.argv[2]), timeout=5)"
)
KUBECONFIG = """
apiVersion: v1
kind: Config
clusters: [{{name: plane, cluster: {{server: "{url}", certificate-authority: "{certificate}"}}}}]
users: [{{name: admin, user: {{token: "{token}"}}}}]
contexts: [{{name: plane, context: {{cluster: plane, user: admin}}}}]
current-context: plane
"""


class RealPlane:
    """etcd and kube-apiserver; called, it waits until they are ready and connects."""

    def __init__(self, url: str, directory: Path, running: list[subprocess.Popen[bytes]]) -> None:
        self._url = url
        self._certificate = directory / "pki" / "apiserver.crt"
        self._running = running
        self.kubeconfig = directory / "kubeconfig"
        self.kubeconfig.write_text(KUBECONFIG.format(url=url, certificate=self._certificate, token=TOKEN))

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Client]:
        deadline = time.monotonic() + START
        while not await self._answers():
            assert all(one.poll() is None for one in self._running), "the control plane ended while starting"
            assert time.monotonic() < deadline, "the control plane did not become ready"
            await asyncio.sleep(0.1)
        context = ssl.create_default_context(cafile=self._certificate)
        async with Client(self._url, token=TOKEN, ssl=context) as client:
            yield client

    async def _answers(self) -> bool:
        if not self._certificate.exists():
            return False
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ASK, self._url, str(self._certificate), TOKEN), stderr=asyncio.subprocess.DEVNULL
        )
        return await process.wait() == 0
