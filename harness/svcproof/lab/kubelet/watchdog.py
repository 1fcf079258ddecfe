"""The probes of one container while it runs: startup first, then readiness and liveness side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from svcproof.json_objects import Object
from svcproof.lab.kubelet.probe import Timing
from svcproof.lab.kubelet.rules import Rules


class Watched(Protocol):
    """A container, as its probes report on it."""

    def has_started(self) -> None:
        """The startup probe succeeded, or there is none."""

    def is_ready(self, ready: bool) -> None:
        """The readiness probe changed its mind, or there is none."""

    async def is_unhealthy(self, kind: str, trouble: str) -> None:
        """A probe failed once."""

    async def has_failed(self, kind: str) -> None:
        """A liveness or startup probe failed too often: the container is to be ended."""


FIRST_PAUSE = 0.05
Ask = Callable[[Object, float], Awaitable[str]]
"""Makes one probe with a time limit in seconds: empty for success."""


async def watch(spec: Object, ask: Ask, container: Watched, rules: Rules) -> None:
    """Probe the container until cancelled."""
    if (startup := spec.get("startupProbe")) and not await _until_decided(startup, ask, container, "Startup"):
        await container.has_failed("startup")
        return
    container.has_started()
    async with asyncio.TaskGroup() as probes:
        probes.create_task(_readiness(rules.readiness_probe(spec), ask, container, rules))
        if liveness := spec.get("livenessProbe"):
            probes.create_task(_liveness(liveness, ask, container))


async def _until_decided(probe: Object, ask: Ask, container: Watched, kind: str) -> bool:
    """Return True once the probe succeeds, False once it has failed often enough in a row."""
    timing = Timing.of(probe)
    await asyncio.sleep(timing.delay)
    failures = 0
    while True:
        trouble = await ask(probe, timing.timeout)
        if not trouble:
            return True
        await container.is_unhealthy(kind, trouble)
        failures += 1
        if failures >= timing.failures:
            return False
        await asyncio.sleep(timing.period)


async def _liveness(probe: Object, ask: Ask, container: Watched) -> None:
    timing = Timing.of(probe)
    while await _until_decided(probe, ask, container, "Liveness"):
        await asyncio.sleep(timing.period)
    await container.has_failed("liveness")


async def _readiness(probe: Object | None, ask: Ask, container: Watched, rules: Rules) -> None:
    if probe is None:
        container.is_ready(True)
        return
    timing = Timing.of(probe)
    await asyncio.sleep(timing.delay)
    await _first_answer(probe, ask, timing)
    ready, row, reported = False, 0, False
    while True:
        trouble = await ask(probe, timing.timeout)
        row = row + 1 if bool(trouble) == ready else 0
        if trouble:
            await container.is_unhealthy("Readiness", trouble)
        if row >= (timing.failures if ready else timing.successes):
            ready, row = not ready, 0
            reported = rules.readiness(reported, ready)
            container.is_ready(reported)
        await asyncio.sleep(timing.period)


async def _first_answer(probe: Object, ask: Ask, timing: Timing) -> None:
    """Wait for a first success, for one period at most.

    A server needs a moment until it listens; without looking more often at first, every pod would be unready for a
    whole period because of it.
    """
    try:
        async with asyncio.timeout(timing.period):
            while await ask(probe, timing.timeout):
                await asyncio.sleep(FIRST_PAUSE)
    except TimeoutError:
        return
