"""All there is to know to reach a cluster that is up: a value, so that other processes of a run may join."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.vocabulary import Capability


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsidePlace:
    """A client outside the cluster. Its agent is asked at a unix socket, or else at host:port.

    Commands are run there by `ssh`, where that names it as ssh takes it, or after the words `enter`; with neither it is
    this machine.
    """

    name: str
    addresses: tuple[str, ...]
    socket: str = ""
    host: str = ""
    port: int = 0
    ssh: str = ""
    enter: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPods:
    """The pods that are the proxy under test; without a selector none are known to be."""

    namespace: str = ""
    selector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A cluster that is up. `spec` is its declaration, completed by what was found: ranges, families, pool."""

    spec: ClusterSpec
    kubeconfig: str
    token: str
    """The run's name, in the label svcproof.dev/run of everything it makes."""
    secret: str = field(repr=False)
    image: str
    pull_secret: str = ""
    nodes: tuple[Node, ...]
    outside: tuple[OutsidePlace, ...] = ()
    enter_node: tuple[str, ...] = ()
    """The words before a node's name and a command that is to run there; empty: there is no such way."""
    namespaces: tuple[str, ...] = ()
    """Made beforehand; empty: runs make their own."""
    held: bool = False
    """True if the control plane cannot reach pods, so that agents are asked through exec streams."""
    lacking: dict[Capability, str]
    versions: dict[str, str]
    proxy: ProxyPods = ProxyPods()
    evidence: tuple[tuple[str, ...], ...] = ()
    """Commands that show how the proxy serves Services, run in its pods where a check does not hold."""


_ADAPTER = TypeAdapter(Reach)


def to_handle(reach: Reach) -> str:
    """The value as text."""
    return _ADAPTER.dump_json(reach, by_alias=True).decode()


def from_handle(text: str) -> Reach:
    """The value from its text."""
    return _ADAPTER.validate_json(text)
