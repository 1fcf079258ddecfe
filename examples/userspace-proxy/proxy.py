#!/usr/bin/env python3
"""A Service proxy in user space that keeps the addresses of clients: proxy.py KUBECONFIG NODE."""

import asyncio
import json
import logging
import resource
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import kernel
import services
import tcp
import udp
from balancer import Balancer
from watch import Object, Server

RESOURCES = NODES, SERVICES, SLICES = "/api/v1/nodes", "/api/v1/services", "/apis/discovery.k8s.io/v1/endpointslices"
HEALTH_PORT = 10256
GATHER_SECONDS, TIDY_SECONDS = 0.02, 30


class Health:
    """HTTP servers that answer health checks, by port: how many endpoints of a Service are here, or of the proxy."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._servers: dict[int, asyncio.Server] = {}

    async def show(self, counts: dict[int, int]) -> None:
        """Answer 200 at each port whose count is not zero, else 503, and nothing at other ports."""
        self._counts = counts
        for port in self._servers.keys() - counts:
            self._servers.pop(port).close()
        for port in counts.keys() - self._servers:
            try:
                self._servers[port] = await asyncio.start_server(self._answer, "0.0.0.0", port)
            except OSError as error:
                logging.warning("health checks: %s; trying again with the next change", error)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
        count = self._counts.get(writer.get_extra_info("sockname")[1], 0)
        status, body = "200 OK" if count else "503 Service Unavailable", json.dumps({"localEndpoints": count})
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()


class Proxy:
    """Keeps relays, rules and health checks in step with what the API server reports."""

    def __init__(self, node_name: str) -> None:
        self._node_name = node_name
        self._changed = asyncio.Event()
        self._known: dict[str, tuple[Object, ...]] = {}
        self._balancer, self._health, self._loaded = Balancer(), Health(), ""
        self._sessions = udp.Sessions(self._balancer)

    async def run(self, server: Server) -> None:
        """Serve for ever."""
        kernel.route_marked_packets()
        for path in RESOURCES:
            server.follow(path, partial(self._report, asyncio.get_running_loop()))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(tcp.serve(self._balancer))
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), TIDY_SECONDS)
                    await asyncio.sleep(GATHER_SECONDS)
                self._changed.clear()
                if len(self._known) == len(RESOURCES):
                    await self._sync()

    def _report(self, loop: asyncio.AbstractEventLoop, path: str, objects: tuple[Object, ...]) -> None:
        """Take what a thread has seen."""
        loop.call_soon_threadsafe(self._take, path, objects)

    def _take(self, path: str, objects: tuple[Object, ...]) -> None:
        self._known[path] = objects
        self._changed.set()

    async def _sync(self) -> None:
        nodes = (services.read_node(item) for item in self._known[NODES])
        node = next((node for node in nodes if node.name == self._node_name), self._balancer.node)
        known = self._known[SERVICES], self._known[SLICES], node
        self._balancer.node, self._balancer.frontends = node, services.frontends(*known)
        self._balancer.forget_expired()
        self._sessions.end_stale()
        rules = kernel.render(self._balancer.frontends, node)
        try:
            if rules != self._loaded:
                await asyncio.to_thread(kernel.load, rules)
        except subprocess.CalledProcessError as error:
            logging.warning("%s; trying again", error)
            asyncio.get_running_loop().call_later(1, self._changed.set)
        else:
            self._loaded = rules
            await self._health.show({HEALTH_PORT: 1, **services.health_checks(*known)})


async def main(kubeconfig: str, node_name: str) -> None:
    """Serve the Services of a cluster on one of its nodes."""
    await Proxy(node_name).run(Server(Path(kubeconfig)))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    asyncio.run(main(*sys.argv[1:]))
