"""A running cluster, as the harness sees it: the seam between providers and everything above them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from svcproof.json_objects import Object
from svcproof.model.vocabulary import Capability

if TYPE_CHECKING:
    from svcproof.model.cluster_spec import ClusterSpec
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

    def run(self, argv: tuple[str, ...], timeout: float = 10.0) -> "Completed":
        """Run a command there; raises ProbeError where it could not be run at all."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that ended, with its exit code."""

    code: int
    stdout: bytes
    stderr: bytes


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
    """How agents in pods are started.

    `control` is the value of the agent's --control option; one in a node's network, where ports are shared with
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
        """What it has not, with the reason: what its provider said before, and what showed when it came up."""

    @property
    def token(self) -> str:
        """A name that no other run on it has: the value of the label svcproof.dev/run of all that runs make in it."""

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Namespaces made beforehand for runs to use; none: each run makes its own."""

    @property
    def handle(self) -> str:
        """What another process of this machine needs to join it, as text; empty where it cannot be shared."""

    @property
    def agents(self) -> AgentPlacement:
        """How agents in pods are to be started."""

    @property
    def versions(self) -> Mapping[str, str]:
        """Component (kernel, kube-proxy, Kubernetes, nft, ...) to version."""

    def channel(self, pod: Object) -> Channel:
        """The way in to the agent that runs in `pod`."""

    def node_shell(self, node: str) -> Shell:
        """A shell on the node."""

    def trouble(self) -> str:
        """What is wrong with the cluster itself, such as a node that is not Ready; empty where it is well."""

    def gone(self) -> str:
        """Why the cluster has ceased to exist, which it was not to; empty while it is there. Asked all the time."""

    def proxy_trouble(self, since: float | None = None) -> str:
        """Why the proxy under test does not run, with its last output; empty while it does.

        With `since`, of the monotonic clock, also why it did not run all the time since then: stopped, or restarted.
        """

    def evidence(self) -> Mapping[str, str]:
        """What to keep when a behaviour is not confirmed: title to text (proxy logs, rules per node)."""


class Leftover(Protocol):
    """Something that a run, which was killed, has left; `str()` of it says what and where, in one line."""

    def remove(self) -> None:
        """Remove it, or put back what was there before; raises SvcproofError or OSError where that fails."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Something that `svcproof clean` does not remove, and the reason; `in_use`: since a run may need it still."""

    what: str
    reason: str
    in_use: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


class Provider(Protocol):
    """A module of `harness/svcproof/providers`: its file name is its name."""

    def capabilities(self, spec: "ClusterSpec") -> Mapping[Capability, str]:
        """What a cluster of this declaration will not have, with the reason.

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
        """The cluster that another process has up, from its `handle`; nothing is made, nothing to be removed."""

    def leftovers(self) -> tuple[Leftover | LeftAlone, ...]:
        """What killed runs of this user have left on this machine and in clusters it knows of."""
