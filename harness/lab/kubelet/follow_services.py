"""The fault `variables-follow-services`: variables that change while a pod lives, at the price of its processes."""

import asyncio
from collections.abc import Mapping

from harness.lab.client import Client, Informer
from harness.lab.client.resource import SERVICES
from harness.lab.kubelet.pod import Pod


async def follow_services(client: Client, pods: Mapping[str, Pod]) -> None:
    """Start containers anew whenever a Service of their namespace has come, changed or gone."""
    services = Informer(client, SERVICES)
    async with asyncio.TaskGroup() as group:
        group.create_task(services.run())
        await services.synced()
        known = {item["metadata"]["uid"] for item in services.items.values()}
        async for event in services.events():
            metadata = event.object["metadata"]
            if event.old is None and metadata["uid"] in known:
                continue
            mine = [pod for pod in pods.values() if pod.object["metadata"]["namespace"] == metadata["namespace"]]
            await asyncio.gather(*(container.restart() for pod in mine for container in pod.main))
