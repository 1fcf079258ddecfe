"""A running cluster, as the harness sees it: the seam between providers and everything above them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from svcproof.json_objects import Object
from svcproof.model.vocabulary import Capability

if TYPE_CHECKING:
    from svcproof.commands import Completed
    from svcproof.ledger import LeftAlone
    from svcproof.model.cluster_spec import ClusterSpec
    from svcproof.model.evidence import Log, Packet, RuleDump
    from svcproof.model.proxy_spec import ProxySpec

Progress = Callable[[str], None]
"""Takes a sentence about the step that begins."""


class Channel(Protocol):
    """The way in to one agent; never the data path under test."""

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` to the agent and return what it answers with status 200.

        Raises ProbeError where the agent cannot be reached within `timeout` seconds, or refuses.
        """


class Shell(Protocol):
    """Runs commands in one place: a container, a node, the outside client."""

    def run(self, argv: tuple[str, ...], timeout: float | None = None) -> "Completed":
        """Run a command there; raises ProbeError where it could not be run at all."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: `addresses` are its InternalIPs, the primary family's first."""

    name: str
    addresses: tuple[str, ...]
    zone: str = ""


@dataclass(frozen=True, slots=True)
class OutsideClient:
    """A client that is neither a pod nor a node; an agent is running there."""

    name: str
    addresses: tuple[str, ...]
    channel: Channel
    shell: Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlacement:
    """The container of an agent in a pod: its image, options and secrets.

    `control` is the value of the agent's --control option; an agent in a node's network, where ports are shared with
    everybody, gets another port. `pull_secret` names a Secret of the pod's namespace; `security` is the container's
    securityContext. Either may be empty.
    """

    control: str
    image: str
    secret: str
    pull_secret: str = ""
    security: Object | None = None


class Cluster(Protocol):
    """A cluster that is up, with the proxy under test in it."""

    @property
    def spec(self) -> "ClusterSpec":
        """Its declaration."""

    @property
    def kubeconfig(self) -> Path:
        """The way to its API, for clients on this machine."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that run pods, in the order of the declaration."""

    @property
    def outside(self) -> tuple[OutsideClient, ...]:
        """Clients that are neither pods nor nodes."""

    @property
    def lacking(self) -> Mapping[Capability, str]:
        """The capabilities it lacks, with the reason: known to its provider before, or seen when it came up."""

    @property
    def token(self) -> str:
        """The name of this run, which no other run on the cluster has: the value of the label svcproof.dev/run."""

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Namespaces made beforehand for runs to use; empty if each run makes its own."""

    @property
    def handle(self) -> str:
        """The text with which another process of this machine joins the cluster; empty if it cannot be shared."""

    @property
    def agents(self) -> AgentPlacement:
        """The image, options and secrets of agents in pods."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Component (kernel, kube-proxy, Kubernetes, nft, ...) to version."""

    def channel(self, pod: Object) -> Channel:
        """The way in to the agent that runs in `pod`."""

    def node_shell(self, node: str) -> Shell:
        """A shell on the node."""

    def way_in(self, node: str) -> tuple[str, ...]:
        """The words of a command with which a person has a shell on the node."""

    def trouble(self) -> str:
        """The trouble of the cluster itself, such as a node that is not Ready; empty if there is none."""

    def gone(self) -> str:
        """The reason for which the cluster no longer exists; empty while it exists. Asked all the time."""

    def proxy_trouble(self, since: float | None = None) -> str:
        """The reason for which the proxy under test does not run, with its last output; empty while it runs.

        With `since`, of the monotonic clock, also the reason if it was stopped or restarted after that time.
        """

    def proxy_cpu_time(self) -> float | None:
        """The CPU time in seconds that the proxy under test has used on this machine; None where it is not known."""

    @property
    def proxy_control(self) -> "ProxyControl | None":
        """The way to stop and start the proxy under test; None where it lacks the capability."""

    def api_outage(self) -> "AbstractContextManager[None]":
        """Keep the nodes from the API server for the time of the context; their connections to it are cut.

        Raises ProbeError where that cannot be done, and where it lacks the capability.
        """

    @property
    def witness(self) -> "Witness":
        """The cluster as a witness of a check that did not hold."""


class ProxyControl(Protocol):
    """Stops and starts the proxy under test, node by node. What cannot be done raises ProbeError or ProvisionError."""

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes that it can be started in besides the declared one; empty where it has but one."""

    @property
    def releases(self) -> tuple[str, ...]:
        """The earlier releases that it can be started in, the oldest first; empty where none is at hand."""

    def stop(self, node: str, kill: bool = False) -> None:
        """End the proxy of a node: ask it to end, or kill it."""

    def start(self, node: str, mode: str = "", release: str = "") -> None:
        """Start the proxy of a node, and wait until it is ready; one that runs there is stopped first.

        It may be started in another one of `modes` than declared, and of one of `releases`. Raises Unavailable where
        that cannot be had.
        """

    def remove_rules(self, node: str) -> None:
        """Remove all rules of the kernel's packet filters from a node, as another program might."""


class Witness(Protocol):
    """Takes from a cluster what can explain a check that did not hold, before anything is cleaned up.

    What it cannot take raises ProbeError, with the reason.
    """

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that must not be kept, wherever they stand."""

    def rules(self, node: str) -> "tuple[RuleDump, ...]":
        """The rules of a node as they were from time to time, the oldest first; the last dump is of now."""

    def connections(self, node: str) -> str:
        """The entries of a node's connection tracking, as `conntrack -L` lists them."""

    def outputs(self, node: str) -> "Iterator[tuple[str, str]]":
        """Yield commands of the proxy's own, by its declaration, and what each prints for this node."""

    def logs(self, since: float) -> "tuple[Log, ...]":
        """The logs of the proxy on each node and of the cluster's own parts, from this time of the wall clock on.

        A log that has nothing since then has its last lines before.
        """

    def capture(self, ends: "Sequence[Object | OutsideClient]") -> "AbstractContextManager[list[Packet]]":
        """Take the packets that pass these pods and outside clients; the list has them once the context has ended."""


class Leftover(Protocol):
    """A remnant of a killed run; `str()` of it says in one line what it is, and where."""

    def remove(self) -> None:
        """Remove it, or put back what was there before; raises SvcproofError or OSError where that fails."""


class Provider(Protocol):
    """A module of `harness/svcproof/providers`: its file name is its name."""

    def capabilities(self, spec: "ClusterSpec") -> Mapping[Capability, str]:
        """The capabilities that a cluster of this declaration lacks, with the reason.

        Known before anything is made; where the cluster exists already, by looking at it: ask once per run. Raises
        UsageError or ProvisionError where the cluster cannot be used at all.
        """

    def up(
        self, spec: "ClusterSpec", proxy: "ProxySpec", *, faults: tuple[str, ...], progress: Progress, workers: int = 1
    ) -> AbstractContextManager[Cluster]:
        """Make the cluster and start the proxy; leaving the context removes everything it made.

        `workers` processes will make checks in it at once: raises UsageError, before anything is made, where it has no
        room for so many.
        """

    def join(self, spec: "ClusterSpec", proxy: "ProxySpec", handle: str) -> AbstractContextManager[Cluster]:
        """Join the cluster that another process has up, by its `handle`; makes and removes nothing."""

    def leftovers(self) -> "tuple[Leftover | LeftAlone, ...]":
        """Remnants of killed runs of this user, on this machine and in clusters it knows of."""

    def remove_leftovers_of(self, processes: Collection[int]) -> None:
        """Remove the clusters that killed processes of the current run had for themselves alone.

        Raises SvcproofError or OSError where that fails.
        """

    def fault_problems(self, faults: Sequence[str]) -> list[str]:
        """Return a sentence for each of these faults that cannot be switched on in its clusters."""
