"""The relay of TCP connections: bytes, half-closes and resets, as fast as the slower side takes them."""

import asyncio
import logging
import socket
import struct

from balancer import Balancer
from kernel import PORT, connected, transparent

CONNECT_SECONDS = 10
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


async def serve(balancer: Balancer) -> None:
    """Accept connections for ever; the address that a connection was accepted at is the one the client asked for."""
    server = transparent(socket.SOCK_STREAM, ("127.0.0.1", PORT))
    server.listen(4096)
    async with asyncio.TaskGroup() as relays:
        while True:
            try:
                client, _ = await asyncio.get_running_loop().sock_accept(server)
            except OSError as error:
                logging.warning("accepting a connection: %s; trying again", error)
                await asyncio.sleep(0.1)
            else:
                relays.create_task(_relay(client, balancer))


async def _relay(client: socket.socket, balancer: Balancer) -> None:
    """Serve one connection; any trouble on one side is a reset on both."""
    ends = [client]
    try:
        (address, port), (source, _) = client.getsockname(), client.getpeername()
        endpoint, kept = balancer.choose((address, "tcp", port), source)
        ends.append(connected(socket.SOCK_STREAM, kept, endpoint))
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().sock_connect(ends[1], endpoint)
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with asyncio.TaskGroup() as directions:
            directions.create_task(_pump(ends[0], ends[1]))
            directions.create_task(_pump(ends[1], ends[0]))
    except* OSError:
        for end in ends:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    finally:
        for end in ends:
            end.close()


async def _pump(source: socket.socket, sink: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while data := await loop.sock_recv(source, 1 << 16):
        await loop.sock_sendall(sink, data)
    sink.shutdown(socket.SHUT_WR)
