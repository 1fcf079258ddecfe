"""The preparation of a container's start: its image, its variables and its mounts."""

import asyncio
from collections.abc import Awaitable, Callable

from svcproof.api_kinds import SERVICES
from svcproof.json_objects import Object
from svcproof.lab.kubelet import images
from svcproof.lab.kubelet.environment import start_of
from svcproof.lab.kubelet.images import Image
from svcproof.lab.kubelet.rules import Variables
from svcproof.lab.kubelet.sandbox import Host, Sandbox
from svcproof.lab.kubelet.values import MissingValueError, Values
from svcproof.lab.network import NAMESPACES
from svcproof.lab.runtime import Container, Process, Root
from svcproof.lab.runtime.forkserver import capabilities

MISSING_VALUE_PAUSE = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 300.0
"""Seconds before something is tried again, doubled from the one to the other, as the kubelet has them."""
Wait = Callable[[str, str], None]
"""Takes the reason and message why a container waits."""
Event = Callable[[str, str], Awaitable[None]]


class Backoff:
    """The pauses before something is tried again, each call of `next` one; `immediate` makes the first pause none."""

    def __init__(self, *, immediate: bool) -> None:
        self._pause = 0.0 if immediate else FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait now."""
        pause = self._pause
        self._pause = min(max(pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        return pause


class Preparation:
    """Prepares the starts of one container."""

    def __init__(self, host: Host, sandbox: Sandbox, spec: Object) -> None:
        self._host, self._sandbox, self._spec = host, sandbox, spec
        self._variables: Variables | None = None

    async def ready(self, wait: Wait, event: Event) -> Container:
        """Return what the runtime is to start, as soon as its image and everything it refers to is there."""
        image = await self._image(wait, event)
        while True:
            try:
                return await self._container(image)
            except MissingValueError as error:
                wait("CreateContainerConfigError", str(error))
                await event("Failed", f"Error: {error}")
            await asyncio.sleep(MISSING_VALUE_PAUSE)

    async def _image(self, wait: Wait, event: Event) -> Image:
        """Find the image; where there is none, wait for ever, as for a registry that does not answer."""
        name = self._spec["image"]
        backoff = Backoff(immediate=False)
        while (image := images.image_of(self._spec, self._host.layout.images)) is None:
            wait("ErrImagePull", images.hint(name))
            await event("Failed", f'Failed to pull image "{name}": {images.hint(name)}')
            pause = backoff.next()
            await asyncio.sleep(1)
            wait("ImagePullBackOff", f'Back-off pulling image "{name}": ErrImagePull: {images.hint(name)}')
            await asyncio.sleep(pause)
        return image

    async def _container(self, image: Image) -> Container:
        sandbox, spec = self._sandbox, self._spec
        services, values = await self._of_services(), Values(self._host.client)
        start = await start_of(sandbox.pod, spec, image, services, values, self._host.rules)
        security = spec.get("securityContext") or {}
        message = sandbox.termination_message(spec)
        message.parent.mkdir(exist_ok=True)
        message.write_text("")
        sandbox.copy_own(spec, image)
        return Container(
            process=Process(
                argv=start.argv,
                environment=start.environment,
                directory=spec.get("workingDir") or "/",
                tty=bool(spec.get("tty")),
                capabilities=tuple(sorted(_capabilities(security))),
                new_privileges=security.get("allowPrivilegeEscalation", True),
            ),
            netns=str(NAMESPACES / sandbox.netns),
            hostname=sandbox.hostname,
            root=Root(
                mounts=sandbox.mounts(spec, image, self._host.shared),
                hidden=str(self._host.files.hidden),
                sysctls=bool(security.get("privileged")),
            ),
        )

    async def _of_services(self) -> Variables:
        """The variables of the Services that exist now: every start of a container looks anew."""
        pod, rules = self._sandbox.pod, self._host.rules
        namespaces = rules.namespaces(pod["metadata"]["namespace"])
        lists = [await self._host.client.list(SERVICES, namespace) for namespace in namespaces]
        services = [service for part in lists for service in part["items"] if rules.gives_variables(service)]
        now = rules.service_variables(pod, self._spec, services, rules.word)
        self._variables = rules.of_start(self._variables, now)
        return self._variables


def _capabilities(security: Object) -> frozenset[str]:
    """The capabilities of a container by its securityContext.

    https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
    """
    changes, privileged = security.get("capabilities") or {}, bool(security.get("privileged"))
    return capabilities.of_container(changes.get("add") or (), changes.get("drop") or (), privileged=privileged)
