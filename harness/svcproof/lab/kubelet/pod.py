"""The life of one pod on a node: from being bound to it to being gone."""

import asyncio
import logging
from collections.abc import Iterable

from svcproof.api_kinds import PODS
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError
from svcproof.lab.clock import now
from svcproof.lab.kubelet.container import Container
from svcproof.lab.kubelet.pod_resources import PodResources
from svcproof.lab.kubelet.poster import Poster
from svcproof.lab.kubelet.sandbox import Host, Sandbox
from svcproof.lab.kubelet.status import Situation, pod_status

DEFAULT_GRACE = 30
OVERDUE = ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
log = logging.getLogger(__name__)


class Pod:
    """One pod: `update` and `gone` say what became of its object, `run` lives its life."""

    def __init__(self, host: Host, pod: Object, resources: PodResources) -> None:
        self.object = pod
        self._host, self._resources = host, resources
        self._began = now()
        self._ending, self._removed = asyncio.Event(), asyncio.Event()
        self._initialized, self._over = not pod["spec"].get("initContainers"), False
        self._failure: tuple[str, str] | None = None
        self._sidecars: list[asyncio.Task[int]] = []
        """Runs of the containers whose end is not waited for: restartable init containers, and ephemeral ones."""
        self._sandbox: Sandbox | None = None
        self._poster = Poster(host.client, pod, self._status)
        policy = pod["spec"].get("restartPolicy", "Always")
        for_init = "OnFailure" if policy == "Always" else policy
        init, main = pod["spec"].get("initContainers", ()), pod["spec"]["containers"]
        self.init = [self._container(spec, spec.get("restartPolicy", for_init)) for spec in init]
        self.main = [self._container(spec, policy) for spec in main]
        self.ephemeral: list[Container] = []
        if self.init:
            for container in (*self.init, *self.main):
                container.initialize("PodInitializing")
        self.update(pod)

    @property
    def containers(self) -> tuple[Container, ...]:
        """All of its containers, the first to start first."""
        return (*self.init, *self.main, *self.ephemeral)

    @property
    def netns(self) -> str:
        """Its network namespace."""
        return self._resources.netns

    def update(self, pod: Object) -> None:
        """Take note of the object's new state."""
        self.object = pod
        if "deletionTimestamp" in pod["metadata"]:
            self._ending.set()
        self._add_ephemeral()
        self._poster.wake()

    def gone(self) -> None:
        """The object is no longer there: nothing of the pod may stay."""
        self._ending.set()
        self._removed.set()

    async def run(self) -> None:
        """Live until the object is deleted and nothing is left of the pod."""
        posting = asyncio.create_task(self._poster.run())
        living = asyncio.create_task(self._live())
        try:
            await self._until_over(living)
            if living.done() and (error := living.exception()):
                await self._give_up(error)
            await self._ending.wait()
            await self._end(self._grace())
            living.cancel()
            await asyncio.wait([living])
        finally:
            posting.cancel()
            living.cancel()
        self._over = True
        await self._leave()

    async def _live(self) -> None:
        """Start everything in order, and wait for the end of what ends by itself."""
        self._sandbox = sandbox = await self._resources.prepare(self.object)
        self._add_ephemeral()
        self._poster.wake()
        for container in self.init:
            if container.again == "Always":
                self._sidecars.append(asyncio.create_task(container.run(sandbox)))
                await container.started.wait()
            elif await container.run(sandbox):
                self._poster.wake()
                return
            else:
                container.is_ready(True)
        self._initialized = True
        self._poster.wake()
        await asyncio.gather(*(container.run(sandbox) for container in self.main))
        if self._ending.is_set() or self._failure:
            return  # Whoever stopped the main containers stops the others as well.
        await self._stop([*self.init, *self.ephemeral], self._declared_grace())
        self._over = True
        self._poster.wake()

    def _add_ephemeral(self) -> None:
        """Start the ephemeral containers that were added, as soon as the pod has its network and files."""
        if self._sandbox is None or self._over or self._ending.is_set():
            return
        known = {container.state.name for container in self.ephemeral}
        for spec in self.object["spec"].get("ephemeralContainers") or ():
            if spec["name"] not in known:
                container = self._container(spec, "Never")
                self.ephemeral.append(container)
                self._sidecars.append(asyncio.create_task(container.run(self._sandbox)))

    async def _give_up(self, error: BaseException) -> None:
        """Show the pod as failed, for a reason that is the lab's own; the other pods shall live."""
        log.error("pod %s cannot live", self.object["metadata"]["name"], exc_info=error)
        self._failure = ("KubeletError", f"{type(error).__name__}: {error}")
        await self._stop_in_order(0)
        self._over = True
        self._poster.wake()

    async def _until_over(self, living: "asyncio.Task[None]") -> None:
        """Wait for the end that comes first: its own, its deletion, or its deadline."""
        ending = asyncio.create_task(self._ending.wait())
        limit = self.object["spec"].get("activeDeadlineSeconds")
        try:
            done, _ = await asyncio.wait([living, ending], timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ending.cancel()
        if not done:
            self._failure = OVERDUE
            await self._end(self._declared_grace())
            self._over = True
            self._poster.wake()

    async def _end(self, grace: float) -> None:
        """Stop everything within `grace` seconds, at once when the object is removed meanwhile."""
        stopping = asyncio.create_task(self._stop_in_order(grace))
        removed = asyncio.create_task(self._removed.wait())
        await asyncio.wait([stopping, removed], return_when=asyncio.FIRST_COMPLETED)
        removed.cancel()
        if not stopping.done():
            stopping.cancel()
            await asyncio.wait([stopping])
            await self._stop_in_order(0)
        else:
            stopping.result()

    async def _stop_in_order(self, grace: float) -> None:
        """The main and ephemeral containers, then the restartable init containers, the last one first."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + grace
        await self._stop([*self.main, *self.ephemeral], grace)
        for container in reversed(self.init):
            await self._stop([container], max(deadline - clock(), 0))

    async def _stop(self, containers: Iterable[Container], grace: float) -> None:
        await asyncio.gather(*(container.stop(grace) for container in containers))

    async def _leave(self) -> None:
        """Give back what it had, and let the object go."""
        for sidecar in self._sidecars:
            sidecar.cancel()
        metadata = self.object["metadata"]
        try:
            if not self._removed.is_set():
                await self._poster.post()
            await self._resources.clear()
            if not self._removed.is_set():
                await self._host.client.delete(
                    PODS, metadata["name"], metadata["namespace"], grace=0, uid=metadata["uid"]
                )
        except ApiError as error:
            if not error.not_found and not error.conflict:
                raise

    def _grace(self) -> float:
        if self._removed.is_set():
            return 0
        return float(self.object["metadata"].get("deletionGracePeriodSeconds", self._declared_grace()))

    def _declared_grace(self) -> float:
        return float(self.object["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE))

    def _container(self, spec: Object, again: str) -> Container:
        return Container(self._host, self.object, spec, again, lambda: self._poster.wake())

    def _status(self) -> Object:
        situation = Situation(
            init=[container.state for container in self.init],
            main=[container.state for container in self.main],
            ephemeral=[container.state for container in self.ephemeral],
            initialized=self._initialized,
            addresses=self._resources.addresses,
            host=self._host.node.addresses,
            started=self._began,
            over=self._over,
            failure=self._failure,
        )
        return pod_status(self.object, situation, self._poster.posted.get("conditions", ()), now())
