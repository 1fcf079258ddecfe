"""GET /exec and /attach: a command in a container, or the container's own streams, over a websocket."""

import asyncio
from dataclasses import replace
from signal import Signals

from aiohttp import web

from svcproof.lab.kubelet import process
from svcproof.lab.kubelet.process import Handle
from svcproof.lab.kubelet.server.channels import PROTOCOLS, Channels, exited, failed, success
from svcproof.lab.kubelet.server.find import Meant
from svcproof.lab.runtime import CannotStartError

NOT_EXECUTED = "error executing command in container: failed to exec in container: failed to start exec: {}"


async def execute(meant: Meant) -> web.StreamResponse:
    """Run `command` in the container; it dies with the connection."""
    handle = _running(meant)
    command = tuple(meant.request.query.getall("command", ()))
    if not command:
        raise web.HTTPBadRequest(text="you must specify at least 1 command for the container")
    environment = await meant.container.environment(handle)
    handle = replace(handle, process=replace(handle.process, environment=environment))
    socket, channels = await _upgrade(meant)
    stdin, tty = meant.flag("input"), meant.flag("tty")
    runtime = meant.host.runtime
    try:
        started = await process.execute(runtime, handle, command, channels.sink, stdin=stdin, tty=tty)
    except CannotStartError as error:
        await channels.finish(failed(NOT_EXECUTED.format(error)))
        return socket
    receiving = asyncio.create_task(channels.receive(started.streams))
    finished = asyncio.create_task(started.finished())
    await asyncio.wait([receiving, finished], return_when=asyncio.FIRST_COMPLETED)
    await runtime.signal(started.running, Signals.SIGKILL)
    code = await finished
    await channels.finish(exited(code) if code else success())
    receiving.cancel()
    return socket


async def attach(meant: Meant) -> web.StreamResponse:
    """Show what the container writes from now on, and give it what the client writes."""
    handle, container = _running(meant), meant.container
    socket, channels = await _upgrade(meant)
    container.attached.add(channels.sink)
    receiving = asyncio.create_task(channels.receive(handle.streams))
    ended = asyncio.create_task(_ended(handle))
    await asyncio.wait([receiving, ended], return_when=asyncio.FIRST_COMPLETED)
    container.attached.discard(channels.sink)
    if container.spec.get("stdinOnce"):
        handle.streams.close_input()
    ended.cancel()
    await channels.finish(success())
    receiving.cancel()
    return socket


async def _ended(handle: Handle) -> None:
    await handle.running.wait()
    await handle.streams.read()


def _running(meant: Meant) -> Handle:
    handle = meant.container.handle
    if handle is None:
        raise web.HTTPNotFound(text=f'container not found ("{meant.container.state.name}")')
    return handle


async def _upgrade(meant: Meant) -> tuple[web.WebSocketResponse, Channels]:
    socket = web.WebSocketResponse(protocols=PROTOCOLS, max_msg_size=0)
    await socket.prepare(meant.request)
    return socket, Channels(socket)
