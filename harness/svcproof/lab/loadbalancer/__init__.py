"""Load balancer of the lab: allocates addresses and announces them by ARP, as MetalLB does in layer 2 mode."""

import asyncio

from svcproof.api_kinds import ENDPOINT_SLICES, NODES, SERVICES
from svcproof.lab.client import Client, Informer
from svcproof.lab.layout import Layout
from svcproof.lab.loadbalancer.allocator import Allocator
from svcproof.lab.loadbalancer.rules import Rules
from svcproof.lab.loadbalancer.speaker import Speaker
from svcproof.lab.network import Network


async def run(client: Client, layout: Layout, rules: Rules, network: Network) -> None:
    """Balance until cancelled."""
    services, slices, nodes = (Informer(client, resource) for resource in (SERVICES, ENDPOINT_SLICES, NODES))
    speaker = Speaker(client, layout, (services, slices, nodes), rules, network)
    async with asyncio.TaskGroup() as group:
        for informer in (services, slices, nodes):
            group.create_task(informer.run())
        group.create_task(Allocator(client, layout, services, rules).run())
        group.create_task(speaker.run())
