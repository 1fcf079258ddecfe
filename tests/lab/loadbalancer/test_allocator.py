"""The allocator at work on the lab's API server, sound and with each fault that shows in statuses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from svcproof.api_kinds import SERVICES
from svcproof.fault import mutated
from svcproof.lab.client import Client, Informer
from svcproof.lab.faults.load_balancer import FAULTS
from svcproof.lab.layout import LabConfig, NodeConfig, layout
from svcproof.lab.loadbalancer.allocator import Allocator
from svcproof.lab.loadbalancer.rules import Rules
from tests.lab.builtin_plane import serve

PLAN = layout(LabConfig(nodes=(NodeConfig("node-a"),)))
FIRST, SECOND = "172.30.0.200", "172.30.0.201"


class Turns:
    """Gives the allocator its turns one by one, each with all that happened before in sight."""

    def __init__(self, client: Client, services: Informer, faults: tuple[str, ...]) -> None:
        self._client = client
        self._services = services
        self._allocator = Allocator(client, PLAN, services, mutated(Rules(), FAULTS, faults))

    async def create(self, name: str, **spec: Any) -> str:
        given = {"type": "LoadBalancer", "ports": [{"port": 80}], **spec}
        await self._client.create(SERVICES, {"metadata": {"name": name, "namespace": "default"}, "spec": given})
        return await self.turn(name)

    async def change(self, name: str, **spec: Any) -> str:
        await self._client.patch(SERVICES, name, {"spec": spec}, "default")
        return await self.turn(name)

    async def turn(self, name: str) -> str:
        key, version = ("default", name), (await self._get(name))["metadata"]["resourceVersion"]
        async with asyncio.timeout(10):
            while self._services.items.get(key, {"metadata": {}})["metadata"].get("resourceVersion") != version:
                await asyncio.sleep(0.01)
        await self._allocator.reconcile(key)
        ingress = (await self._get(name))["status"].get("loadBalancer", {}).get("ingress") or ()
        return "".join(one["ip"] for one in ingress)

    async def _get(self, name: str) -> dict[str, Any]:
        return await self._client.get(SERVICES, name, "default")


def play(scene: Callable[[Turns], Awaitable[Any]], *faults: str) -> Any:
    async def whole() -> Any:
        async with serve(PLAN) as client:
            services = Informer(client, SERVICES)
            watching = asyncio.create_task(services.run())
            await services.synced()
            try:
                return await scene(Turns(client, services, faults))
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    return asyncio.run(whole())


async def assigned(turns: Turns) -> Any:
    return await turns.create("web")


async def of_another_class(turns: Turns) -> Any:
    return await turns.create("web", loadBalancerClass="example.com/other")


async def changed(turns: Turns) -> Any:
    return await turns.create("web"), await turns.change("web", ports=[{"port": 81}])


async def of_another_type(turns: Turns) -> Any:
    before, after = await turns.create("web"), await turns.change("web", type="ClusterIP")
    return before, after, await turns.create("other", loadBalancerIP=before)


@pytest.mark.parametrize(
    ("scene", "name", "sound", "faulty"),
    [
        (assigned, "never-assigns", FIRST, ""),
        (assigned, "outside-pool", FIRST, "172.30.0.240"),
        (of_another_class, "class-of-others-claimed", "", FIRST),
        (changed, "new-address-on-update", (FIRST, FIRST), (FIRST, SECOND)),
        (of_another_type, "address-kept-after-type-change", (FIRST, "", FIRST), (FIRST, "", "")),
    ],
)
def test_statuses_are_right_and_wrong_under_the_fault(scene: Any, name: str, sound: Any, faulty: Any) -> None:
    assert play(scene) == sound
    assert play(scene, name) == faulty


def test_two_that_come_at_once_get_different_addresses() -> None:
    async def both(turns: Turns) -> Any:
        return await asyncio.gather(turns.create("one"), turns.create("two"))

    assert sorted(play(both)) == [FIRST, SECOND]
