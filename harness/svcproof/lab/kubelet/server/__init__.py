"""The kubelet's own API, on port 10250 of its node: logs, exec, attach and port-forward.

The paths and queries are the real kubelet's, so that a real API server can stand before it.
"""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from svcproof.lab.kubelet.pod import Pod
from svcproof.lab.kubelet.sandbox import Host
from svcproof.lab.kubelet.server.find import handler
from svcproof.lab.kubelet.server.logs import logs
from svcproof.lab.kubelet.server.portforward import port_forward
from svcproof.lab.kubelet.server.session import attach, execute
from svcproof.lab.layout import KUBELET_PORT


@asynccontextmanager
async def serving(host: Host, pods: Mapping[str, Pod]) -> AsyncIterator[None]:
    """Serve the API of the node `host` for these pods (by uid), which may come and go."""
    application = web.Application()
    handle = partial(handler, host, pods)
    application.add_routes(
        [
            web.get("/healthz", _healthy),
            web.get("/containerLogs/{namespace}/{pod}/{container}", handle(logs)),
            web.get("/exec/{namespace}/{pod}/{container}", handle(execute)),
            web.get("/attach/{namespace}/{pod}/{container}", handle(attach)),
            web.get("/portForward/{namespace}/{pod}", handle(port_forward)),
        ]
    )
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        anywhere = "::" if ":" in host.node.addresses[0] else "0.0.0.0"
        listener = host.network.bound_socket(host.node.netns, socket.SOCK_STREAM, anywhere, KUBELET_PORT)
        listener.listen(128)
        await web.SockSite(runner, listener, ssl_context=host.tls).start()
        yield
    finally:
        await runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok")
