"""The relay: each connection and each UDP flow is a pair of sockets, one to its client and one to an endpoint."""

import asyncio
import logging
import random
import socket
import struct
import time
from contextlib import suppress
from socket import SOCK_DGRAM, SOCK_STREAM, SOL_IP, SOL_SOCKET
from typing import NamedTuple

from services import Endpoint, Frontend, Key, Node, is_within

IP_TRANSPARENT, IP_RECVORIGDSTADDR = 19, 20
LISTENING, KEEPS_ADDRESS = ("127.0.0.1", 15001), 0x57A2  # As in rules.nft.
SOURCE_PORTS, PORTS_TO_TRY = range(61000, 65536), 20
"""Ports at a client's address for what goes to endpoints: above those that the client's kernel hands out."""
IDLE_SECONDS, LARGEST = 120, 1 << 16
RESET_ON_CLOSE, END_ON_CLOSE = struct.pack("ii", 1, 0), struct.pack("ii", 0, 0)


class Flow(NamedTuple):
    """The way of one client to one endpoint."""

    endpoint: Endpoint
    backend: socket.socket
    task: asyncio.Task[None]


class Relay:
    """Accepts what the rules hand over, and relays it to an endpoint of the frontend that the client asked."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks, self._node, self._frontends = tasks, Node(), dict[Key, Frontend]()
        self._affinities: dict[tuple[Key, str], tuple[Endpoint, float]] = {}
        self._flows: dict[tuple[tuple[str, int], Key], Flow] = {}
        self._tcp, self._udp = _transparent(SOCK_STREAM, LISTENING), _transparent(SOCK_DGRAM, LISTENING)
        self._tcp.listen(4096)
        self._udp.setsockopt(SOL_IP, IP_RECVORIGDSTADDR, 1)
        asyncio.get_running_loop().add_reader(self._tcp, self._accept)
        asyncio.get_running_loop().add_reader(self._udp, self._receive)

    def update(self, node: Node, frontends: dict[Key, Frontend]) -> None:
        """Serve these from now on; UDP flows whose client may no longer be led to their endpoint end."""
        self._node, self._frontends, now = node, frontends, time.monotonic()
        self._affinities = {key: value for key, value in self._affinities.items() if value[1] > now}
        self._flows = {key: flow for key, flow in self._flows.items() if not flow.task.done()}
        for (client, destination), flow in self._flows.items():
            if flow.endpoint not in self._candidates(destination, client[0]):
                flow.task.cancel()

    def _candidates(self, destination: Key, client: str) -> tuple[Endpoint, ...]:
        """List the endpoints that a client may be led to."""
        frontend = self._frontends.get(destination)
        if not frontend or (frontend.source_ranges and not is_within(frontend.source_ranges, client)):
            return ()
        is_inside = client in self._node.addresses or is_within(self._node.pods, client)
        return frontend.inside if is_inside else frontend.outside

    def _choose(self, destination: Key, client: str) -> Endpoint:
        """Choose an endpoint, under session affinity the one that the client had before; raises OSError."""
        candidates, now = self._candidates(destination, client), time.monotonic()
        if not candidates:
            raise ConnectionRefusedError(f"{destination} has no endpoint for {client}")
        endpoint, frontend = random.choice(candidates), self._frontends[destination]
        if frontend.affinity:
            last, until = self._affinities.get((frontend.service_port, client), (endpoint, now))
            endpoint = last if now < until and last in candidates else endpoint
            self._affinities[frontend.service_port, client] = endpoint, now + frontend.affinity
        return endpoint

    def _accept(self) -> None:
        """Accept all connections that wait, each at the address that its client asked for."""
        with suppress(BlockingIOError):
            for client, (source, _) in iter(self._tcp.accept, None):
                client.setblocking(False)
                address, port = client.getsockname()
                with suppress(ConnectionRefusedError):
                    self._start(client, (address, "tcp", port), source)

    def _receive(self) -> None:
        """Take a datagram that begins a flow, or came before its flow had a socket."""
        data, [(_, _, original)], _, client = self._udp.recvmsg(LARGEST, 256)
        port, address = struct.unpack_from("!2xH4s", original)
        destination = socket.inet_ntoa(address), "udp", port
        with suppress(ConnectionRefusedError):
            flow = self._flows.get((client, destination))
            if flow is None or flow.task.done():
                to_client = _transparent(SOCK_DGRAM, (destination[0], port))
                to_client.connect(client)
                flow = self._flows[client, destination] = self._start(to_client, destination, client[0])
            flow.backend.sendto(data, flow.endpoint[:2])

    def _start(self, client: socket.socket, destination: Key, source: str) -> Flow:
        """Relay between a client and an endpoint from now on; raises OSError, with the client's socket closed."""
        try:
            endpoint = self._choose(destination, source)
            # Answers to a client come here if it is a pod of this node or the endpoint is, unless they are the same.
            keeps_address = source != endpoint.address and (endpoint.is_local or is_within(self._node.pods, source))
            backend = _from_client(client.type, source) if keeps_address else _transparent(client.type)
        except OSError:
            client.close()
            raise
        return Flow(endpoint, backend, self._tasks.create_task(_relay(client, backend, endpoint)))


async def _relay(client: socket.socket, backend: socket.socket, endpoint: Endpoint) -> None:
    """Pass on what comes from either side; trouble on one is the end of both, and a reset of connections."""
    with client, backend:
        try:
            await asyncio.get_running_loop().sock_connect(backend, endpoint[:2])
            idle_seconds = IDLE_SECONDS if client.type == SOCK_DGRAM else None
            async with asyncio.timeout(idle_seconds) as idle, asyncio.TaskGroup() as directions:
                directions.create_task(_pump(client, backend, idle))
                directions.create_task(_pump(backend, client, idle))
            for end in (client, backend):
                end.setsockopt(SOL_SOCKET, socket.SO_LINGER, END_ON_CLOSE)
        except* OSError as errors:
            logging.debug("%s: %s", endpoint, errors.exceptions)


async def _pump(source: socket.socket, sink: socket.socket, idle: asyncio.Timeout) -> None:
    """Pass on bytes until they end, or datagrams until there are none for a while, as fast as the sink takes them."""
    loop, datagrams = asyncio.get_running_loop(), source.type == SOCK_DGRAM
    while (data := await loop.sock_recv(source, LARGEST)) or datagrams:
        await loop.sock_sendall(sink, data)
        if datagrams:
            idle.reschedule(loop.time() + IDLE_SECONDS)
    sink.shutdown(socket.SHUT_WR)


def _transparent(kind: int, address: tuple[str, int] | None = None) -> socket.socket:
    """Open a socket that may have anybody's address, and share the one that it is given; raises OSError."""
    opened = socket.socket(socket.AF_INET, kind)
    opened.setblocking(False)
    opened.setsockopt(SOL_IP, IP_TRANSPARENT, 1)
    if kind == SOCK_STREAM:
        opened.setsockopt(SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        opened.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if address:
        opened.setsockopt(SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
    return opened


def _from_client(kind: int, client: str) -> socket.socket:
    """Open a socket at a client's address, at a port that no other has; raises OSError."""
    opened = _transparent(kind)
    opened.setsockopt(SOL_SOCKET, socket.SO_MARK, KEEPS_ADDRESS)
    for port in random.sample(SOURCE_PORTS, PORTS_TO_TRY):
        with suppress(OSError):
            opened.bind((client, port))
            return opened
    raise OSError(f"{PORTS_TO_TRY} ports at {client} are in use")
