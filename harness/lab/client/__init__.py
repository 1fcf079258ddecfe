"""The lab's client of the Kubernetes API: for the builtin server's socket and for a real control plane alike.

async with Client("http://lab", socket=directory / "api.sock") as client:
    pods = Informer(client, PODS, field_selector="spec.nodeName=node-a")
    async with asyncio.TaskGroup() as group:
        group.create_task(pods.run())
        async for event in pods.events():
            ...
"""

from harness.lab.client.client import Client, PatchType
from harness.lab.client.error import ApiError
from harness.lab.client.informer import Change, Event, Informer, Key, key
from harness.lab.client.recorder import Recorder
from harness.lab.client.resource import Resource

__all__ = ["ApiError", "Change", "Client", "Event", "Informer", "Key", "PatchType", "Recorder", "Resource", "key"]
