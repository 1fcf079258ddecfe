"""The lab's client of the Kubernetes API: for the builtin server's socket and for a real control plane alike.

async with Client("http://lab", socket=directory / "api.sock") as client:
    pods = Informer(client, api_kinds.PODS, field_selector="spec.nodeName=node-a")
    async with asyncio.TaskGroup() as group:
        group.create_task(pods.run())
        async for event in pods.events():
            ...
"""

from svcproof.lab.client.client import Client, PatchType
from svcproof.lab.client.controller import Controller, itself
from svcproof.lab.client.error import ApiError
from svcproof.lab.client.informer import ChangeType, Event, Informer, Key, key
from svcproof.lab.client.recorder import Recorder

__all__ = ["ApiError", "ChangeType", "Client", "Controller", "Event", "Informer", "Key", "PatchType", "Recorder"]
__all__ += ["itself", "key"]
