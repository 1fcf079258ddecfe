"""From a path of the kubelet API to the pod and container it means."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from svcproof.lab.kubelet.container import Container
from svcproof.lab.kubelet.pod import Pod
from svcproof.lab.kubelet.sandbox import Host

Handler = Callable[["Meant"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Meant:
    """A request with what its path names."""

    request: web.Request
    host: Host
    pod: Pod

    @property
    def container(self) -> Container:
        """The container; raises HTTPNotFound where the pod has none of this name."""
        name = self.request.match_info["container"]
        for container in self.pod.containers:
            if container.state.name == name:
                return container
        raise web.HTTPNotFound(text=f"container {name} not found in pod {self.pod.object['metadata']['name']}")

    def flag(self, name: str) -> bool:
        """A boolean of the query."""
        return self.request.query.get(name, "").lower() in ("1", "true", "t")


def handler(
    host: Host, pods: Mapping[str, Pod], answer: Handler
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A handler for aiohttp that finds the pod of the node first, by namespace and name."""

    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["namespace"], request.match_info["pod"]
        for pod in pods.values():
            metadata = pod.object["metadata"]
            if (metadata["namespace"], metadata["name"]) == name:
                return await answer(Meant(request, host, pod))
        raise web.HTTPNotFound(text=f'pod does not exist: "{"/".join(name)}"')

    return handle
