"""The world as the API has it, for the rules of a Service proxy; our own pods in it are those that run an agent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.pods import MOUNT
from svcproof.kubernetes.sample.service import SLICES
from svcproof.model.probe import Protocol
from svcproof.promise.objects import world_of
from svcproof.promise.world import Claims, Listener, World

OPTIONS = {"--tcp": Protocol.TCP, "--udp": Protocol.UDP, "--http": Protocol.HTTP, "--sctp": Protocol.SCTP}


@dataclass(frozen=True, slots=True)
class WorldReader:
    """Reads the world of some namespaces from the API; what other namespaces have is not in it."""

    kube: Kube = field(repr=False)
    namespaces: tuple[str, ...]
    claims: Claims
    entries: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def read(self) -> World:
        """The Services, EndpointSlices, nodes and agent pods as they are now."""
        pods = self._all("Pod")
        return world_of(
            services=self._all("Service"),
            slices=self._all(SLICES),
            nodes=self.kube.list("Node"),
            listeners=tuple(listeners(pods)),
            claims=self.claims,
            entries=self.entries,
        )

    def _all(self, kind: str) -> list[Object]:
        return [item for namespace in self.namespaces for item in self.kube.list(kind, namespace)]


def listeners(pods: Iterable[Object]) -> Iterator[Listener]:
    """Yield who listens where, of Pod objects: agents with the ports that they were started with.

    An agent whose pod is being deleted ends at once, unless it was told to linger.
    """
    for pod in pods:
        command = _agent_command(pod)
        if not command or ("deletionTimestamp" in pod["metadata"] and "--linger" not in command):
            continue
        ports = frozenset((protocol, port) for option, protocol in OPTIONS.items() for port in _ports(command, option))
        for address in pod.get("status", {}).get("podIPs") or ():
            yield Listener(
                name=pod["metadata"]["name"], node=pod["spec"]["nodeName"], address=address["ip"], ports=ports
            )


def _agent_command(pod: Object) -> list[str]:
    """The words with which an agent was started in the first container; empty where it is something else."""
    command: list[str] = pod["spec"]["containers"][0].get("command") or []
    return command if command[1:2] == [MOUNT] else []


def _ports(command: list[str], option: str) -> Iterator[int]:
    if option in command:
        yield from map(int, command[command.index(option) + 1].split(","))
