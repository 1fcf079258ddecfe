"""A lab that is up, as a cluster of the model."""

import platform
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property

from svcproof.agent.channels.local import UnixChannel
from svcproof.commands import Completed
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.lab.process.launch import Lab
from svcproof.lab.process.remote import Remote
from svcproof.limits import Request
from svcproof.model.cluster import AgentPlacement, Channel, Node, OutsideClient, Shell
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.release import KUBERNETES
from svcproof.model.vocabulary import Capability
from svcproof.providers.lab.declaration import capabilities
from svcproof.providers.lab.interruptions import LabProxyControl, api_outage
from svcproof.providers.lab.under_test import UnderTest
from svcproof.providers.lab.witness import LabWitness

AGENT_IMAGE = "python:3-slim"


class LabCluster:
    """A lab that is up, as `svcproof.model.cluster.Cluster` describes it."""

    namespaces: tuple[str, ...] = ()
    handle = ""
    """Empty, since a lab belongs to one process."""

    def __init__(self, spec: ClusterSpec, lab: Lab, tested: UnderTest | None) -> None:
        self.spec, self.lab, self.tested = spec, lab, tested
        self.kubeconfig, self.token = lab.directory.kubeconfig, lab.directory.id
        self.nodes = tuple(Node(node.name, node.addresses, node.zone) for node in lab.layout.nodes)

    @cached_property
    def outside(self) -> tuple[OutsideClient, ...]:
        """The clients outside the cluster."""
        return tuple(
            OutsideClient(
                place.name, place.addresses, self._channel(place.name), NamespaceShell(self.lab.remote, place.netns)
            )
            for place in self.lab.layout.outside
        )

    @property
    def lacking(self) -> Mapping[Capability, str]:
        """The capabilities it lacks, with the reasons."""
        return capabilities(self.spec)

    @property
    def agents(self) -> AgentPlacement:
        """Agents in pods listen on a unix socket, which the kubelet shares with us."""
        control = f"unix:{self.lab.directory.agents}/$(POD_UID).sock"
        return AgentPlacement(control=control, image=AGENT_IMAGE, secret=self.lab.secret)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Versions of what the data path is made of, and of the API that is promised."""
        asked = self.lab.remote.run(self.lab.layout.nodes[0].netns, ("nft", "--version"), 10)
        known = {"kernel": platform.release(), "nft": asked.stdout.decode().split()[1].lstrip("v")}
        with closing(Kube(self.kubeconfig)) as kube:
            known[KUBERNETES] = kube.version()
        if self.tested and self.tested.version:
            known[self.tested.program.command[0]] = self.tested.version
        return known

    def channel(self, pod: Object) -> Channel:
        """The way in to the agent that runs in `pod`."""
        return self._channel(pod["metadata"]["uid"])

    def node_shell(self, node: str) -> Shell:
        """A shell on the node."""
        return NamespaceShell(self.lab.remote, node)

    def way_in(self, node: str) -> tuple[str, ...]:
        """The words of a command with which a person has a shell on the node; KUBECONFIG says of which lab."""
        return ("svcproof", "lab", "exec", node, "--", "sh")

    def trouble(self) -> str:
        """Say why the lab no longer runs; empty while it does."""
        return self.lab.gone()

    def gone(self) -> str:
        """Say why the lab no longer runs; empty while it does."""
        return self.lab.gone()

    def proxy_trouble(self, since: float | None = None) -> str:
        """Say where the proxy does not run, or did not run all the time since; empty if it runs on every node."""
        return self.tested.trouble(self.lab, time.monotonic() if since is None else since) if self.tested else ""

    def proxy_cpu_time(self) -> float | None:
        """The CPU time in seconds that the proxy has used on all nodes; None where there is none."""
        return self.tested.cpu_time(self.lab) if self.tested else None

    @property
    def proxy_control(self) -> LabProxyControl | None:
        """The way to stop and start the proxy; None where there is none."""
        return LabProxyControl(self.lab, self.tested) if self.tested else None

    def api_outage(self) -> AbstractContextManager[None]:
        """Keep the nodes from the API server for the time of the context."""
        return api_outage(self.lab)

    @property
    def witness(self) -> LabWitness:
        """The lab, asked for what explains a check that did not hold."""
        return LabWitness(self.lab, self.tested)

    def _channel(self, agent: str) -> Channel:
        return UnixChannel(self.lab.directory.agents / f"{agent}.sock", self.lab.secret)


@dataclass(frozen=True, slots=True)
class NamespaceShell:
    """Runs commands in a network namespace of a lab, with this machine's programs and files."""

    remote: Remote
    netns: str

    def run(self, argv: tuple[str, ...], timeout: float | None = None) -> Completed:
        """Run a command there; raises ProbeError where it could not be run at all."""
        result = self.remote.run(self.netns, argv, timeout or Request.COMMAND.seconds)
        return Completed(result.code, result.stdout, result.stderr)
