"""Connections of the host, passed on into a lab."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from svcproof.lab.planes import relay

pytestmark = pytest.mark.timeout(30)
BYTES = bytes(range(256)) * 4096
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1000):
        writer.write(data)
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"bye")
    writer.close()


@asynccontextmanager
async def relayed(handler: Handler | None) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection by way of the relay to a server, or to a port that nobody listens on."""
    server = await asyncio.start_server(handler or hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    if handler is None:
        server.close()
        await server.wait_closed()
    listener = socket.create_server(("127.0.0.1", 0))
    async with await relay.serve(listener, "127.0.0.1", port):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        yield reader, writer
        writer.close()
        server.close()
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)  # What has ended closes its sockets in the loop's next round.


def test_what_is_sent_arrives_and_what_is_answered_comes_back() -> None:
    async def scenario() -> bytes:
        async with relayed(echo) as (reader, writer):
            writer.write(BYTES)
            return await reader.readexactly(len(BYTES))

    assert asyncio.run(scenario()) == BYTES


def test_a_connection_ends_when_the_server_ends_it_and_no_byte_before_that_is_lost() -> None:
    async def scenario() -> bytes:
        async with relayed(hang_up) as (reader, _):
            return await reader.read()

    assert asyncio.run(scenario()) == b"bye"


def test_a_server_that_is_not_there_looks_like_one_that_ends_connections() -> None:
    async def scenario() -> bytes:
        async with relayed(None) as (reader, _):
            return await reader.read()

    assert asyncio.run(scenario()) == b""
