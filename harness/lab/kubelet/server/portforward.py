"""GET /portForward: connections to ports of a pod, through a websocket."""

from aiohttp import web

from harness.lab.kubelet.server.find import Meant


async def port_forward(meant: Meant) -> web.StreamResponse:
    """Answer that there is no port-forward yet."""
    raise web.HTTPNotImplemented(text="port-forward is not supported by this kubelet")
