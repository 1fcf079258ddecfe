"""Load balancer of the lab: allocates addresses and announces them by ARP, as MetalLB does in layer 2 mode."""

import asyncio

from svcproof.api_kinds import ENDPOINT_SLICES, NODES, SERVICES
from svcproof.lab.client import Client, Informer
from svcproof.lab.layout import Layout
from svcproof.lab.loadbalancer.allocator import Allocator
from svcproof.lab.loadbalancer.speaker import Speaker
from svcproof.lab.network import Network


async def run(client: Client, layout: Layout, faults: frozenset[str], network: Network) -> None:
    """Balance until cancelled; `faults` are names from `svcproof.lab.faults.load_balancer`."""
    services, slices, nodes = (Informer(client, one) for one in (SERVICES, ENDPOINT_SLICES, NODES))
    speaker = Speaker(client, layout, (services, slices, nodes), faults, network)
    async with asyncio.TaskGroup() as group:
        for informer in (services, slices, nodes):
            group.create_task(informer.run())
        group.create_task(Allocator(client, layout, services, faults).run())
        group.create_task(speaker.run())
