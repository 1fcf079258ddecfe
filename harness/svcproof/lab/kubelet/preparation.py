"""What comes before a container is started: its image, its variables and its mounts."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from svcproof.api_kinds import SERVICES
from svcproof.json_objects import Object
from svcproof.lab.faults import kubelet as fault
from svcproof.lab.kubelet import images
from svcproof.lab.kubelet.backoff import Backoff
from svcproof.lab.kubelet.environment import start_of
from svcproof.lab.kubelet.images import Image
from svcproof.lab.kubelet.sandbox import Host, Sandbox
from svcproof.lab.kubelet.security import security_of
from svcproof.lab.kubelet.service_variables import service_variables
from svcproof.lab.kubelet.values import MissingValueError, Values
from svcproof.lab.runtime import Container, Process, Root

NAMESPACES = Path("/run/netns")
MISSING_VALUE_PAUSE = 1.0
Wait = Callable[[str, str], None]
"""Takes the reason and message why a container waits."""
Event = Callable[[str, str], Awaitable[None]]


class Preparation:
    """Prepares the starts of one container."""

    def __init__(self, host: Host, sandbox: Sandbox, spec: Object) -> None:
        self._host, self._sandbox, self._spec = host, sandbox, spec
        self._first: dict[str, str] | None = None

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
        start = await start_of(
            sandbox.pod, spec, image, await self._variables(), Values(self._host.client), self._host.faults
        )
        security = security_of(spec)
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
                capabilities=security.capabilities,
                new_privileges=security.new_privileges,
            ),
            netns=str(NAMESPACES / sandbox.netns),
            hostname=sandbox.hostname,
            root=Root(
                mounts=sandbox.mounts(spec, image, self._host.shared),
                hidden=str(self._host.files.hidden),
                sysctls=security.privileged,
            ),
        )

    async def _variables(self) -> dict[str, str]:
        """The variables of the Services that exist now: every start of a container looks anew."""
        pod, faults = self._sandbox.pod, self._host.faults
        if self._first is not None and fault.VARIABLES_KEPT_OVER_RESTARTS.name in faults:
            return self._first
        if fault.ONLY_FIRST_CONTAINER_GETS_VARIABLES.name in faults and self._spec != pod["spec"]["containers"][0]:
            return {}
        if fault.HOST_NETWORK_WITHOUT_VARIABLES.name in faults and pod["spec"].get("hostNetwork"):
            return {}
        namespace, links = pod["metadata"]["namespace"], pod["spec"].get("enableServiceLinks", True)
        self._first = service_variables(await self._services(namespace), namespace, links=links, faults=faults)
        return self._first

    async def _services(self, namespace: str) -> list[Object]:
        whole = fault.VARIABLES_FROM_OTHER_NAMESPACES.name in self._host.faults
        wanted = {None} if whole else {namespace, "default"}
        lists = [await self._host.client.list(SERVICES, where) for where in wanted]
        return [service for found in lists for service in found["items"]]
