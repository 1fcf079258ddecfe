"""Announces each address from the node elected for it."""

import asyncio
import socket

from svcproof.lab.client import Client, Informer, Recorder
from svcproof.lab.layout import Layout
from svcproof.lab.loadbalancer.address_request import assigned
from svcproof.lab.loadbalancer.arp import PROTOCOL, Responder
from svcproof.lab.loadbalancer.rules import Rules
from svcproof.lab.network import Network
from svcproof.lab.network.wiring import UPLINK

REPEATS = (0.0, 0.2, 1.1, 2.2)
"""Seconds after a take-over at which it is announced: a datagram may be lost, or come too early."""


class Speaker:
    """The speakers of all nodes: one responder each, and the election that they all agree on."""

    def __init__(
        self,
        client: Client,
        layout: Layout,
        informers: tuple[Informer, Informer, Informer],
        rules: Rules,
        network: Network,
    ) -> None:
        self._services, self._slices, self._nodes = informers
        self._pool = rules.pool(layout.load_balancer_pool)
        self._rules = rules
        self._recorder = Recorder(client, "load-balancer-speaker")
        self._responders = {
            node.name: Responder(network.socket_in(node.netns, socket.AF_PACKET, socket.SOCK_RAW, PROTOCOL), UPLINK)
            for node in layout.nodes
        }
        self._announced: dict[str, str] = {}
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Announce until cancelled."""
        informers = (self._services, self._slices, self._nodes)
        for informer in informers:
            await informer.synced()
        for responder in self._responders.values():
            responder.start()
        try:
            async with asyncio.TaskGroup() as group:
                for informer in informers:
                    group.create_task(self._follow(informer))
                while True:
                    await self._changed.wait()
                    self._changed.clear()
                    await self._take_over(group)
        finally:
            for responder in self._responders.values():
                responder.close()

    async def _follow(self, informer: Informer) -> None:
        async for _ in informer.events():
            self._changed.set()

    async def _take_over(self, group: asyncio.TaskGroup) -> None:
        before = self._announced
        announcers = self._rules.announcers(
            before,
            self._services.items.values(),
            self._slices.items.values(),
            self._nodes.items.values(),
            self._pool,
        )
        self._announced = {address: node for address, node in announcers.items() if node in self._responders}
        for name, responder in self._responders.items():
            responder.addresses = frozenset(address for address, node in self._announced.items() if node == name)
        for address, node in self._announced.items():
            if before.get(address) != node:
                group.create_task(self._announce(address, node))
                await self._record(address, node)

    async def _announce(self, address: str, node: str) -> None:
        waited = 0.0
        for moment in REPEATS:
            await asyncio.sleep(moment - waited)
            waited = moment
            if self._announced.get(address) != node:
                return
            self._responders[node].announce(address)

    async def _record(self, address: str, node: str) -> None:
        for service in list(self._services.items.values()):
            if address in assigned(service):
                message = f'announcing from node "{node}" with protocol "layer2"'
                await self._recorder.normal(service, "nodeAssigned", message)
