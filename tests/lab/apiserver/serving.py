"""A server on 127.0.0.1, in a thread of its own, for the programs that talk to it."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.layout import LabConfig, Layout, NodeConfig, layout
from svcproof.lab.process.credentials import write_certificates

TOKEN = "secret"


@dataclass(frozen=True)
class Served:
    """The addresses of a server: plain, and with a certificate signed by `authority` (PEM)."""

    url: str
    https: str
    authority: str


def places(*, dual_stack: bool = False) -> Layout:
    """The layout of a lab of two nodes, with the addresses that the goldens have."""
    config = LabConfig(nodes=(NodeConfig("node-a"), NodeConfig("node-b")))
    if dual_stack:
        config = replace(
            config,
            pod_ranges=(*config.pod_ranges, ip_network("fd00:10:244::/56")),
            service_ranges=(*config.service_ranges, ip_network("fd00:10:96::/112")),
            node_ranges=(*config.node_ranges, ip_network("fd00:172:30::/64")),
        )
    return layout(config)


@contextmanager
def serving(directory: Path, *, dual_stack: bool = False) -> Iterator[Served]:
    """Serve within the context; certificates go to `directory`."""
    plan = places(dual_stack=dual_stack)
    write_certificates(directory, plan)
    authority = (directory / "ca.crt").read_text()
    ready = threading.Event()
    stopping = asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        app = application(ApiConfig(layout=plan, token=TOKEN, authority=authority))
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        encrypted = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        encrypted.load_cert_chain(directory / "tls.crt", directory / "tls.key")
        for context in (None, encrypted):
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
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
