"""A cluster that is up and reached by its API, as `svcproof.model.cluster.Cluster` describes it."""

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from svcproof.agent.channels.held import HeldChannels
from svcproof.agent.channels.local import TcpChannel, UnixChannel
from svcproof.agent.channels.proxied import ProxiedChannel
from svcproof.commands import Command, CommandError, Completed
from svcproof.errors import ProbeError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster import health
from svcproof.kubernetes.cluster.outside.ssh import SshHost
from svcproof.kubernetes.cluster.reach import OutsidePlace, Reach, to_handle
from svcproof.kubernetes.cluster.witness import ApiWitness
from svcproof.kubernetes.sample.pods import control_port
from svcproof.limits import Request
from svcproof.model.cluster import AgentPlacement, Channel, OutsideClient, Shell
from svcproof.model.vocabulary import Capability

CONTROL_PORT = 7780
"""Of agents in a pod's own network, where nobody else has ports."""
RESTRICTED: Object = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 65534,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""The security context that the restricted Pod Security Standard asks of a container.

https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
"""


class ApiCluster:
    """The cluster as it is reached: everything about it follows from its `reach`."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.spec, self.kubeconfig, self.nodes = reach.spec, Path(reach.kubeconfig), reach.nodes
        self.token, self.namespaces = reach.token, reach.namespaces
        self.lacking: Mapping[Capability, str] = reach.lacking
        self.versions: Mapping[str, str] = reach.versions

    @cached_property
    def outside(self) -> tuple[OutsideClient, ...]:
        """The clients outside the cluster."""
        return tuple(
            OutsideClient(
                place.name,
                place.addresses,
                self._outside_channel(place),
                SshHost(place.ssh) if place.ssh else CommandShell(place.enter),
            )
            for place in self.reach.outside
        )

    @property
    def handle(self) -> str:
        """The reach as text."""
        return to_handle(self.reach)

    @property
    def agents(self) -> AgentPlacement:
        """Agents in pods listen on TCP: the API server's pod proxy leads there."""
        return AgentPlacement(
            control=f"tcp:{CONTROL_PORT}",
            image=self.reach.image,
            secret=self.reach.secret,
            pull_secret=self.reach.pull_secret,
            security=RESTRICTED,
        )

    def channel(self, pod: Object) -> Channel:
        """The way in to the agent that runs in `pod`."""
        port = control_port(pod)
        if self.reach.held:
            return self._held.channel(pod, port)
        metadata = pod["metadata"]
        return ProxiedChannel(self._kube.post, metadata["namespace"], metadata["name"], port, self.reach.secret)

    def node_shell(self, node: str) -> Shell:
        """A shell on the node; raises ProbeError where there is no way to have one."""
        if not self.reach.enter_node:
            raise ProbeError(f"no command can be run on node {node}: there is no shell on the nodes of this cluster")
        return CommandShell((*self.reach.enter_node, node))

    def way_in(self, node: str) -> tuple[str, ...]:
        """The words of a command with which a person has a shell on the node."""
        if self.reach.enter_node:
            return (*self.reach.enter_node, "-it", node, "sh")
        return ("kubectl", "debug", f"node/{node}", "-it", f"--image={self.reach.image}", "--", "chroot", "/host", "sh")

    def trouble(self) -> str:
        """The trouble with the API server or a node, in words; empty where there is none."""
        return health.cluster_trouble(self._kube, self.nodes)

    def gone(self) -> str:
        """Nothing: an API server that does not answer may do so again."""
        return ""

    def proxy_trouble(self, since: float | None = None) -> str:
        """The reason why the proxy does not run on every node, or did not since; empty where its pods are not known."""
        moment = None if since is None else datetime.now(UTC) - timedelta(seconds=time.monotonic() - since)
        return health.proxy_trouble(self._kube, self.reach.proxy, moment)

    def proxy_cpu_time(self) -> float | None:
        """Nothing: of what runs on the nodes this machine knows no CPU time."""
        return None

    @property
    def proxy_control(self) -> None:
        """Nothing: what runs on the nodes is kept up by others."""

    def api_outage(self) -> AbstractContextManager[None]:
        """Raise ProbeError: the nodes of such a cluster are not kept from its API server."""
        raise ProbeError("the nodes of a cluster that is reached by its API cannot be kept from that")

    @cached_property
    def witness(self) -> ApiWitness:
        """The API and the nodes, asked for what explains a check that did not hold."""
        return ApiWitness(self._kube, self.reach, self.node_shell)

    def close(self) -> None:
        """Close what this process has open to the cluster; it can be asked no more."""
        if self.reach.held:
            self._held.close()
        self._kube.close()

    def _outside_channel(self, place: OutsidePlace) -> Channel:
        if place.socket:
            return UnixChannel(Path(place.socket), self.reach.secret)
        return TcpChannel(place.host, place.port, self.reach.secret)

    @cached_property
    def _held(self) -> HeldChannels:
        return HeldChannels(self._kube.session, self.reach.secret)

    @cached_property
    def _kube(self) -> Kube:
        return Kube(self.kubeconfig)


@dataclass(frozen=True, slots=True)
class CommandShell:
    """Runs commands somewhere, by a command of this machine such as `docker exec NAME`."""

    enter: tuple[str, ...]

    def run(self, argv: tuple[str, ...], timeout: float | None = None) -> Completed:
        """Run a command there; raises ProbeError where it could not be run at all."""
        try:
            return Command((*self.enter, *argv), timeout or Request.COMMAND).run()
        except CommandError as error:
            raise ProbeError(str(error)) from error
