"""DNS of the cluster: a server in the fabric, reached through the Service kube-system/kube-dns."""

import asyncio
import socket
from contextlib import AsyncExitStack

from svcproof.api_kinds import ENDPOINT_SLICES, SERVICES
from svcproof.lab.client import Client, Informer, Key
from svcproof.lab.dns import server
from svcproof.lab.dns.publish import PORT, publish
from svcproof.lab.dns.rules import Rules
from svcproof.lab.dns.zone import Zone
from svcproof.lab.layout import Layout
from svcproof.lab.network import Network
from svcproof.lab.network.wiring import FABRIC

SERVERS = {socket.SOCK_DGRAM: server.udp, socket.SOCK_STREAM: server.tcp}


async def run(client: Client, layout: Layout, rules: Rules, network: Network) -> None:
    """Serve names until cancelled."""
    zone = Zone(layout, rules)
    services, slices = Informer(client, SERVICES), Informer(client, ENDPOINT_SLICES)
    async with AsyncExitStack() as sockets, asyncio.TaskGroup() as group:
        for informer in (services, slices):
            group.create_task(informer.run())
        group.create_task(publish(client, layout))
        for address in layout.fabric:
            for kind in rules.transports:
                bound = network.bound_socket(FABRIC, kind, address, PORT)
                await sockets.enter_async_context(SERVERS[kind](zone, bound))
        await services.synced()
        await slices.synced()
        group.create_task(_follow_services(zone, services, slices))
        group.create_task(_follow_slices(zone, services, slices))


async def _follow_services(zone: Zone, services: Informer, slices: Informer) -> None:
    async for event in services.events():
        _update(zone, event.key, services, slices)


async def _follow_slices(zone: Zone, services: Informer, slices: Informer) -> None:
    async for event in slices.events():
        for state in (event.object, event.old):
            if state and (name := _service_of(state)) and (key := (event.key[0], name)) in services.items:
                _update(zone, key, services, slices)


def _update(zone: Zone, key: Key, services: Informer, slices: Informer) -> None:
    of_service = [
        endpoint_slice
        for (space, _), endpoint_slice in slices.items.items()
        if space == key[0] and _service_of(endpoint_slice) == key[1]
    ]
    zone.set(key, services.items.get(key), of_service)


def _service_of(endpoint_slice: dict[str, dict[str, dict[str, str]]]) -> str | None:
    return (endpoint_slice["metadata"].get("labels") or {}).get("kubernetes.io/service-name")
