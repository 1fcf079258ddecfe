"""A stage for controllers: a control plane, nodes, and a kubelet that only says what a kubelet would say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar, cast

from svcproof.api_kinds import ENDPOINT_SLICES, NAMESPACES, NODES, PODS
from svcproof.fault import mutated
from svcproof.lab import controllers
from svcproof.lab.client import ApiError, ChangeType, Client, Informer, PatchType
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.faults.controllers import FAULTS

Object = dict[str, Any]
Result = TypeVar("Result")
Plane = Callable[[], AbstractAsyncContextManager[Client]]
"""Connects to a control plane that has no controllers."""
PATIENCE = 20.0
POLL = 0.02


class Stage:
    """What a test does with the cluster."""

    def __init__(self, client: Client, namespace: str, faults: tuple[str, ...]) -> None:
        self.client = client
        self.namespace = namespace
        self.faults = faults
        self.unready: set[str] = set()
        """Pods that the kubelet is to call not ready."""
        self.lingering: set[str] = set()
        """Pods that take their time to end."""
        self._addresses: dict[str, str] = {}

    async def create(self, resource: Any, name: str, **fields: Any) -> Object:
        metadata = {"name": name, "namespace": self.namespace, **fields.pop("metadata", {})}
        return await self.client.create(resource, {"metadata": metadata, **fields})

    async def pod(self, name: str, *, labels: Object | None = None, ports: Any = (), **spec: Any) -> Object:
        container = {"name": "main", "image": "nginx", "ports": list(ports)}
        given = {"containers": [container], "terminationGracePeriodSeconds": 1, **spec}
        return await self.create(PODS, name, metadata={"labels": labels or {"app": "web"}}, spec=given)

    async def slices(self, service: str) -> list[Object]:
        selector = f"kubernetes.io/service-name={service}"
        found = await self.client.list(ENDPOINT_SLICES, self.namespace, label_selector=selector)
        return cast(list[Object], found["items"])

    async def endpoints(self, service: str) -> dict[str, Object]:
        """Endpoints by the name of their pod."""
        slices = await self.slices(service)
        return {one["targetRef"]["name"]: one for each in slices for one in each["endpoints"] or ()}

    async def pods(self) -> list[Object]:
        return cast(list[Object], (await self.client.list(PODS, self.namespace))["items"])

    async def until(self, look: Callable[[], Awaitable[Result]], right: Callable[[Result], Any]) -> Result:
        """Look again and again until it is right; fails with what was seen last."""
        seen = None
        try:
            async with asyncio.timeout(PATIENCE):
                while not right(seen := await look()):
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise AssertionError(f"never came true; last seen: {seen}") from None
        return seen

    async def report(self, pod: Object) -> None:
        """Say what a kubelet would say about a pod."""
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        if "deletionTimestamp" in pod["metadata"]:
            if name not in self.lingering:
                await self.client.delete(PODS, name, self.namespace, grace=0, uid=uid)
            return
        address = self._addresses.setdefault(uid, f"10.244.1.{len(self._addresses) + 10}")
        ready = "False" if name in self.unready else "True"
        status = {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": "2026-01-01T00:00:00Z"}],
        }
        conditions = {one["type"]: one["status"] for one in (pod.get("status") or {}).get("conditions") or ()}
        if conditions.get("Ready") != ready:
            patch = {"metadata": {"uid": uid}, "status": status}
            kind = PatchType.STRATEGIC
            await self.client.patch(PODS, name, patch, self.namespace, type=kind, subresource="status")


@asynccontextmanager
async def stage(plane: Plane, *faults: str) -> AsyncIterator[Stage]:
    """Controllers at work on a control plane, two nodes of two zones, and a namespace of the test's own."""
    async with plane() as client, asyncio.timeout(PATIENCE * 3):
        for name, zone in (("node-a", "zone-a"), ("node-b", "zone-b")):
            await _node(client, name, zone)
        created = await client.create(NAMESPACES, {"metadata": {"generateName": "stage-"}})
        here = Stage(client, created["metadata"]["name"], faults)
        rules = mutated(Rules(), FAULTS, faults)
        work = [
            asyncio.create_task(controllers.run(client, rules)),
            asyncio.create_task(_kubelet(here)),
        ]
        body = asyncio.current_task()
        for task in work:
            task.add_done_callback(lambda done: None if done.cancelled() or not body else body.cancel())
        try:
            yield here
        finally:
            for task in work:
                task.cancel()
            ended = await asyncio.gather(*work, return_exceptions=True)
            for one in ended:
                if isinstance(one, Exception):
                    raise one


async def _node(client: Client, name: str, zone: str) -> None:
    labels = {"topology.kubernetes.io/zone": zone, "kubernetes.io/hostname": name}
    try:
        await client.create(NODES, {"metadata": {"name": name, "labels": labels}})
    except ApiError as error:
        if error.reason != "AlreadyExists":
            raise
    status = {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    await client.patch(NODES, name, status, type=PatchType.STRATEGIC, subresource="status")


async def _kubelet(here: Stage) -> None:
    pods = Informer(here.client, PODS, here.namespace)
    async with asyncio.TaskGroup() as group:
        group.create_task(pods.run())
        group.create_task(_resync(here, pods))
        async for event in pods.events():
            if event.change is not ChangeType.DELETED:
                await _report(here, event.object)


async def _resync(here: Stage, pods: Informer) -> None:
    """Look at the pods anew: a test may have changed its mind about them."""
    while True:
        await asyncio.sleep(POLL * 2)
        for pod in list(pods.items.values()):
            await _report(here, pod)


async def _report(here: Stage, pod: Object) -> None:
    if not pod["spec"].get("nodeName"):
        return
    try:
        await here.report(pod)
    except ApiError as error:
        if error.status not in (404, 409):
            raise
