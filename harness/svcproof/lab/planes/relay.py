"""Connections to a listener of the host, passed on into the lab as they are: TLS ends at the API server."""

import asyncio
import socket
from contextlib import suppress

CHUNK = 1 << 16


async def serve(listener: socket.socket, host: str, port: int) -> asyncio.Server:
    """Pass on what comes to a listening socket; a connection ends when either side of it does."""

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(host, port)
        except OSError:
            writer.transport.abort()  # As a server would look that is not there.
            return
        ways = [asyncio.create_task(_copy(*way)) for way in ((reader, far_writer), (far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            far_writer.close()
            writer.close()

    return await asyncio.start_server(passed_on, sock=listener)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
