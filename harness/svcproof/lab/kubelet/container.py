"""One container of a pod: its starts, its ends and what happens in between."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from secrets import token_hex
from signal import Signals

from svcproof.json_objects import Object
from svcproof.lab import runtime
from svcproof.lab.clock import now
from svcproof.lab.kubelet import process
from svcproof.lab.kubelet.log import Log
from svcproof.lab.kubelet.preparation import Backoff, Preparation
from svcproof.lab.kubelet.process import Handle
from svcproof.lab.kubelet.rules import Variables
from svcproof.lab.kubelet.sandbox import Host, Sandbox
from svcproof.lab.kubelet.state import RUNTIME, ContainerState, Ended, Up, Waiting
from svcproof.lab.kubelet.streams import Sink, Stream
from svcproof.lab.kubelet.watchdog import watch
from svcproof.lab.runtime import CannotStartError

POST_START_SECONDS = 30.0
LEAST_GRACE = 2.0
"""Seconds a process has after SIGTERM even where preStop took all of the grace period."""


class Container:
    """Runs `spec`, a container of the pod's spec, again and again as `again` says: Always, OnFailure or Never."""

    def __init__(self, host: Host, pod: Object, spec: Object, again: str, changed: Callable[[], None]) -> None:
        self.spec, self.state = spec, ContainerState(name=spec["name"], image=spec["image"])
        self.started = asyncio.Event()
        """Set once it runs and its startup probe, if it has one, has succeeded."""
        self.logs: list[Log] = []
        self.attached: set[Sink] = set()
        self.handle: Handle | None = None
        self._host, self._pod, self._changed = host, pod, changed
        self.again = again
        self._address = ""
        self._preparation: Preparation | None = None
        self._ending: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._stopping = False

    async def run(self, sandbox: Sandbox) -> int:
        """Run it until its policy lets it rest, or it was stopped; the last exit code."""
        self._pod, self._address = sandbox.pod, sandbox.addresses[0]
        self._preparation = Preparation(self._host, sandbox, self.spec)
        backoff = Backoff(immediate=True)
        while True:
            code = await self._once(sandbox, await self._preparation.ready(self._wait, self._event))
            if self._stopping or self.again == "Never" or (self.again == "OnFailure" and code == 0):
                return code
            if pause := backoff.next():
                message = f"back-off {pause:g}s restarting failed container={self.state.name} pod={sandbox.name}"
                self._wait("CrashLoopBackOff", message)
                await self._event("BackOff", f"Back-off restarting failed container {self.state.name}")
                await asyncio.sleep(pause)

    async def environment(self, handle: Handle) -> Variables:
        """The variables of a command run beside the container's process: those the process was started with."""
        return await self._host.rules.of_command(handle.environment, self._renewed_variables)

    async def stop(self, grace: float) -> None:
        """End it for good: preStop, SIGTERM, and SIGKILL after `grace` seconds; returns when it has ended."""
        self._stopping = True
        async with self._starting:
            handle = self.handle
        if handle:
            await self._event("Killing", f"Stopping container {self.state.name}", normal=True)
            await self._end(handle, self._host.rules.grace(grace))

    def initialize(self, reason: str) -> None:
        """Say why it is not started yet."""
        self.state = replace(self.state, now=Waiting(reason))

    def has_started(self) -> None:
        """The startup probe succeeded, or there is none."""
        self._set(started=True)
        self.started.set()

    def is_ready(self, ready: bool) -> None:
        """The readiness probe changed its mind."""
        self._set(ready=ready)

    async def is_unhealthy(self, kind: str, trouble: str) -> None:
        """A probe failed once."""
        await self._event("Unhealthy", f"{kind} probe failed: {trouble}")

    async def has_failed(self, kind: str) -> None:
        """A liveness or startup probe failed too often: the container is ended, and its policy decides."""
        name = self.state.name
        await self._event("Killing", f"Container {name} failed {kind} probe, will be restarted", normal=True)
        if self.handle:
            grace = self._pod["spec"].get("terminationGracePeriodSeconds", 30)
            # Not awaited here: ending it cancels the very task that found it failing.
            self._ending = asyncio.create_task(self._end(self.handle, grace))

    async def _renewed_variables(self) -> Variables:
        if self._preparation is None:
            return {}
        return (await self._preparation.ready(self._wait, self._event)).process.environment

    async def _once(self, sandbox: Sandbox, prepared: runtime.Container) -> int:
        """Start it and wait for its end."""
        log = Log(sandbox.directory / "logs" / self.state.name / f"{len(self.logs)}.log")
        self.logs.append(log)

        def sink(stream: Stream, data: bytes) -> None:
            log.write(stream, data)
            for listener in tuple(self.attached):
                listener(stream, data)

        began, id_ = now(), RUNTIME + token_hex(32)
        try:
            async with self._starting:
                if self._stopping:
                    return 0
                stdin = bool(self.spec.get("stdin"))
                self.handle = await process.start(self._host.runtime, prepared, stdin=stdin, sink=sink)
            return await self._running(self.handle, sandbox, Up(began, id_))
        except CannotStartError as error:
            message = f"failed to create containerd task: failed to create shim task: {error}"
            await self._event("Failed", f"Error: {message}")
            self._ended(Ended(code=128, started=began, finished=now(), id=id_, message=message, reason="StartError"))
            return 128
        finally:
            self.handle = None
            log.close()

    async def _running(self, handle: Handle, sandbox: Sandbox, up: Up) -> int:
        """See it through, probing, to its end."""
        before = self.state.now if isinstance(self.state.now, Ended) else self.state.before
        self._set(now=up, before=before, restarts=self.state.restarts + bool(before))
        probing = asyncio.create_task(self._probe(handle))
        try:
            await self._event("Started", f"Started container {self.state.name}", normal=True)
            code = await handle.finished()
        finally:
            probing.cancel()
            with suppress(asyncio.CancelledError):
                await probing
        message = sandbox.termination_message(self.spec).read_text(errors="replace")
        self._ended(Ended(code=code, started=up.started, finished=now(), id=up.id, message=message))
        return code

    async def _probe(self, handle: Handle) -> None:
        if trouble := await self._hook("postStart", handle, POST_START_SECONDS):
            await self._event("FailedPostStartHook", f"PostStartHook failed: {trouble}")
            await self._host.runtime.signal(handle.running, Signals.SIGKILL)
            return
        await watch(self.spec, lambda probe, limit: self._ask(probe, handle, limit), self, self._host.rules)

    async def _hook(self, name: str, handle: Handle, limit: float) -> str:
        """Run a lifecycle handler if there is one; empty, or what was wrong."""
        handler = self.spec.get("lifecycle", {}).get(name)
        return await self._ask(handler, handle, limit) if handler else ""

    async def _ask(self, action: Object, handle: Handle, limit: float) -> str:
        async def execute(argv: tuple[str, ...], seconds: float) -> tuple[int, bytes]:
            return await process.output_of(self._host.runtime, handle, argv, seconds)

        return await self._host.prober.ask(action, self._address, self.spec, execute, limit)

    async def _end(self, handle: Handle, grace: float) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + grace
        if grace:
            if trouble := await self._hook("preStop", handle, grace):
                await self._event("FailedPreStopHook", f"PreStopHook failed: {trouble}")
            await self._host.runtime.signal(handle.running, Signals.SIGTERM)
            await asyncio.wait([handle.running.ended], timeout=max(deadline - clock(), LEAST_GRACE))
        await self._host.runtime.signal(handle.running, Signals.SIGKILL)
        await handle.running.wait()

    def _wait(self, reason: str, message: str) -> None:
        before = self.state.now if isinstance(self.state.now, Ended) else self.state.before
        self._set(now=Waiting(reason, message), before=before)

    def _ended(self, end: Ended) -> None:
        self.started.clear()
        self._set(now=end, ready=False, started=False)

    def _set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._changed()

    async def _event(self, reason: str, message: str, *, normal: bool = False) -> None:
        record = self._host.recorder.normal if normal else self._host.recorder.warning
        await record(self._pod, reason, message)
