"""A scenario on a stage: its objects made, its steps taken, its own pods started, and its doors remembered."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import cycle

from svcproof.errors import ProvisionError, Rejected
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.pods import AgentPod
from svcproof.kubernetes.sample.workload import PodHandle, Workbench
from svcproof.limits import Judged
from svcproof.model.probe import Protocol, Target
from svcproof.model.scenario import Scenario, ScenarioStep
from svcproof.promise.world import World
from svcproof.replay import changes
from svcproof.replay.binding import Binding, of_pod
from svcproof.replay.written_slices import await_written_slices
from svcproof.sweep import Cell, Door, Sweeper, Swept, doors, health_doors, with_health

KEPT_PORTS = range(10000, 19000)
"""UDP ports that clients send from again and again: below those of agents, node ports and the kernel's choice."""
Interrupt = Callable[[str, str], AbstractContextManager[None]]
"""Ends the proxy (`restart`, `kill`) on a node, or, where that is empty, on every node, for the time of the context."""


@dataclass(slots=True)
class Scene:
    """One scenario of those that are on a stage side by side."""

    kube: Kube
    workbench: Workbench
    scenario: Scenario
    binding: Binding
    interrupt: Interrupt | None = None
    """Interrupts the proxy; None where it is not ours to interrupt."""
    after: int = -1
    """The number of the change that was made last; 0 are the objects."""
    refused: str = ""
    """The reason for which the API server did not take a change."""
    pods: dict[str, PodHandle] = field(default_factory=dict)
    remembered: dict[Door, None] = field(default_factory=dict)
    """All doors that its Services have had."""
    checks: dict[Target, Door] = field(default_factory=dict)
    """The health check ports that its Services have had."""
    free_ports: Iterator[int] = field(default_factory=lambda: cycle(KEPT_PORTS))
    """UDP ports for clients to keep."""
    kept_ports: dict[Target, tuple[int, int]] = field(default_factory=dict)
    """The UDP port from which each door is asked in every look, besides new ones, and the change since which it is."""
    _judged: tuple[World, int, tuple[Cell, ...]] | None = None
    """The last world of its own, the change it came from, and its cells."""

    @property
    def is_over(self) -> bool:
        """True if there is nothing left to do."""
        return bool(self.refused) or self.after >= len(self.scenario.steps)

    @property
    def change(self) -> str:
        """The change that was made last, in words."""
        return "the objects" if self.after <= 0 else changes.described(self.scenario.steps[self.after - 1])

    def advance(self) -> None:
        """Make the next change; one that the API server refuses ends the scenario."""
        self.after += 1
        try:
            if self.after == 0:
                self._begin()
            else:
                self._step(self.scenario.steps[self.after - 1])
            await_written_slices(self.kube, self.binding.namespace, self.binding.prefix)
        except Rejected as refusal:
            self.refused = str(refusal)

    def cells(self, world: World, sweeper: Sweeper) -> tuple[Cell, ...]:
        """Every vantage at the doors of its Services, now and before, with what is promised there.

        Others on the stage have names and addresses of their own, and so the world is that of its own objects.
        """
        own = self._own(world)
        if self._judged is None or self._judged[:2] != (own, self.after):
            now = doors(own, *own.services)
            taken = {door.target for door in doors(world, *world.services)}
            before = [replace(door, kind=None, service="") for door in self.remembered if door.target not in taken]
            self.remembered |= dict.fromkeys(now)
            fresh = sweeper.cells(own, (*now, *dict.fromkeys(before)))
            self._judged = own, self.after, (*fresh, *sweeper.from_kept_ports(own, self._ports(now)))
        return self._judged[2]

    def checked(self, world: World, sweeper: Sweeper, swept: Swept) -> Swept:
        """A look with the health checks of its Services besides, now and before."""
        own = self._own(world)
        now = {door.target: door for door in health_doors(*own.services, world=own)}
        before = [replace(door, service="") for target, door in self.checks.items() if target not in now]
        self.checks |= now
        return with_health(sweeper, swept, world, (*now.values(), *before)) if self.checks else swept

    def remove(self) -> None:
        """Delete all that it made."""
        changes.take_away(self.kube, self.scenario, self.binding)

    def _own(self, world: World) -> World:
        """The world with its own objects alone."""
        return replace(
            world,
            services=tuple(service for service in world.services if self._is_own(service.name)),
            slices=tuple(piece for piece in world.slices if self._is_own(piece.service)),
        )

    def _is_own(self, name: str) -> bool:
        return name.startswith(self.binding.prefix)

    def _ports(self, now: Iterable[Door]) -> dict[Door, int]:
        """The ports to ask UDP doors from that there were before the last change, too.

        A datagram to one that the proxy does not serve yet would be tracked as one for the address itself, and stay so
        for as long as more are sent; nothing is promised of that.
        """
        # An address that Services share has several doors, but a port can be sent from only once at a time.
        by_target = {door.target: door for door in now if door.target.protocol is Protocol.UDP}
        udp = list(by_target.values())
        before = self.kept_ports
        self.kept_ports = {door.target: before.get(door.target) or (next(self.free_ports), self.after) for door in udp}
        return {door: port for door in udp for port, since in [self.kept_ports[door.target]] if since < self.after}

    def _begin(self) -> None:
        declared = self.scenario.pods
        if declared:
            pods = [
                AgentPod(
                    name=self.binding.name(pod.name),
                    namespace=self.binding.namespace,
                    node=self.binding.filled(pod.node),
                    labels=pod.labels,
                    tcp=(8080, 8081, 9376),
                    udp=(8080, 8081, 5353),
                    readiness=True,
                    ready=pod.ready,
                )
                for pod in declared
            ]
            started = self.workbench.start(pods)
            self.pods = {pod.name: handle for pod, handle in zip(declared, started, strict=True)}
            words = dict(self.binding.words)
            for name, handle in self.pods.items():
                words |= of_pod(name, handle)
            self.binding = replace(self.binding, words=words)
        changes.make_objects(self.kube, self.scenario, self.binding)

    def _step(self, step: ScenarioStep) -> None:
        if step.ready:
            self._make_ready(step.ready.pod, ready=step.ready.ready)
        elif step.relabel:
            self.pods[step.relabel.pod].relabel(**step.relabel.labels)
        elif step.interrupt:
            if self.interrupt is None:
                raise ProvisionError("the scenario interrupts the proxy, which only a lab's own proxy allows")
            with self.interrupt(step.interrupt.proxy, self.binding.filled(step.interrupt.node)):
                changes.make_edits(self.kube, step.edits, self.binding)
        elif step.wait:
            time.sleep(step.wait)
        else:
            changes.make_edits(self.kube, step.edits, self.binding)

    def _make_ready(self, name: str, *, ready: bool) -> None:
        pod = self.pods[name]
        pod.vantage.ready(ready)

        def is_so(item: dict[str, object]) -> bool:
            """The Ready condition of the pod is what its readiness probe says."""
            status: dict[str, list[dict[str, str]]] = item["status"]  # type: ignore[assignment]
            conditions = {each["type"]: each["status"] for each in status.get("conditions", [])}
            return conditions.get("Ready") == str(ready)

        self.kube.wait("Pod", pod.name, pod.namespace, until=is_so, within=Judged.READINESS_NOTICED)
