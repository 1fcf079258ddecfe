"""Clients outside: this machine, or the declared ones, each by ssh; found, and their agents run."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.cluster.kubeconfig import MOUNTED
from svcproof.kubernetes.cluster.outside import ssh
from svcproof.kubernetes.cluster.outside.guest import end
from svcproof.kubernetes.cluster.outside.reaching import looked
from svcproof.kubernetes.cluster.reach import OutsidePlace
from svcproof.kubernetes.sample.namespace import AGENT_DIRECTORY
from svcproof.ledger import Entry, identity, scratch
from svcproof.limits import Provision
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.wait import provisioned
from svcproof.wait.predicates import is_there

KUBELET = 10250
"""Listens on every node: what answers there, if only by a refusal, is the node."""
Looked = Callable[[Sequence[tuple[str, int]], Sequence[str]], Sequence[tuple[str, str]]]
"""Has the machine connect to some addresses and ask its kernel for the way to others, as `reaching.looked` does."""
HERE = "this machine"
REMEDY = "Mend that, or take it off the declaration: with none there, this machine is the client outside"


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a machine to the nodes: the source address it has in each IP family, or why there is none.

    Reasons go on where the machine's name ends. A family besides the primary one, in which not every node
    answers, is left out.
    """

    sources: tuple[str, ...] = ()
    why_not: str = ""
    no_services: str = ""
    """The reason why it has no way to ClusterIPs."""


@dataclass(frozen=True, slots=True)
class Client:
    """A machine with its addresses to the nodes, one per IP family; without a host it is this one."""

    sources: tuple[str, ...]
    host: ssh.SshHost | None = None


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients outside there can be; the reasons are empty where there is nothing that they would be for."""

    found: tuple[Client, ...] = ()
    why_none: str = ""
    why_not_two: str = ""
    no_services: str = ""
    """The reason why one of them has no way to ClusterIPs."""


def find(spec: ClusterSpec, objects: Sequence[Object], nodes: Sequence[Node]) -> Clients:
    """Look from each machine at the nodes; `objects` are all Nodes, `nodes` those that get sample pods.

    Raises ProvisionError where one that is declared cannot be a client: nobody would know what is missing otherwise.
    """
    if spec.outside < 1:
        return _none(f"{spec.name} declares no clients outside")
    if not spec.kubeconfig.outside and (why_not := _not_here()):
        return _none(why_not)
    entries = [entry for node in objects for entry in node.get("status", {}).get("addresses") or ()]
    everybody = [entry["address"] for entry in entries]
    service = str(next(iter(spec.service_ranges[0].hosts())))

    def look(by: Looked) -> Route:
        return to_nodes(nodes, everybody, service, by)

    if spec.kubeconfig.outside:
        return _declared(spec.kubeconfig.outside, look)
    route = look(looked)
    if route.why_not:
        return _none(f"{HERE} {route.why_not}")
    why_not_two = f"{HERE} is one client: it has one address to the nodes"
    return Clients((Client(route.sources),), why_not_two=why_not_two, no_services=_told(HERE, route.no_services))


@contextmanager
def running(entry: Entry, clients: Sequence[Client], secret: str) -> Iterator[tuple[OutsidePlace, ...]]:
    """Have an agent on each machine until the context ends; raises ProvisionError where one does not start."""
    # Not in the entry's directory: the path of a socket ends at 107 bytes.
    with scratch.scratch() as private, ExitStack() as until:
        yield tuple(until.enter_context(_running(entry, *pair, secret, private)) for pair in enumerate(clients, 1))


def _running(
    entry: Entry, number: int, client: Client, secret: str, private: Path
) -> AbstractContextManager[OutsidePlace]:
    name = f"outside-{number}"
    if client.host:
        directory = f"/tmp/svcproof-{entry.token}-{name}"
        return ssh.running(client.host, name, client.sources, secret, private, directory)
    return _agent_here(entry, name, client.sources, secret, private)


def _declared(destinations: Sequence[str], look: Callable[[Looked], Route]) -> Clients:
    clients: list[Client] = []
    troubles: list[str] = []
    no_services = ""
    for host in map(ssh.SshHost, destinations):
        try:
            route = look(host.looked)
        except ProvisionError as trouble:
            troubles.append(str(trouble))
            continue
        clients.append(Client(route.sources, host))
        no_services = no_services or _told(host.destination, route.no_services)
        troubles += [_told(host.destination, route.why_not)] if route.why_not else []
    if troubles:
        raise ProvisionError("\n".join(("not every machine of kubeconfig.outside can be a client:", *troubles, REMEDY)))
    addresses = {client.sources[0] for client in clients}
    why_not_two = (
        f"clients outside with an address of their own to the nodes: {len(addresses)}" if len(addresses) < 2 else ""
    )
    return Clients(tuple(clients), why_not_two=why_not_two, no_services=no_services)


def _none(why: str) -> Clients:
    return Clients(why_none=why, why_not_two=why, no_services=why)


def _not_here() -> str:
    if sys.platform != "linux":
        return f"the agent of {HERE} would need Linux"
    return "svcproof runs in a pod of the cluster" if in_pod(os.environ, MOUNTED) else ""


def _told(who: str, reason: str) -> str:
    return f"{who} {reason}" if reason else ""


@contextmanager
def _agent_here(
    entry: Entry, name: str, sources: tuple[str, ...], secret: str, private: Path
) -> Iterator[OutsidePlace]:
    """Have an agent here, with the addresses `sources` to the nodes; it ends with the context.

    It is asked at a socket in `private`. Raises ProvisionError where it does not start.
    """
    socket, log = private / f"{name}.sock", entry.directory / "agent.log"
    command = (sys.executable, str(AGENT_DIRECTORY), "--control", f"unix:{socket}")
    variables = {**os.environ, "SVCPROOF_SECRET": secret, "POD_NAME": name}
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C is for the run, which ends it.
        agent = subprocess.Popen(
            command, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        entry.note(agent=identity(agent.pid))
        provisioned(
            "the agent on this machine", lambda: _listens(agent, socket, log), is_there, Provision.OUTSIDE_AGENT_STARTED
        )
        yield OutsidePlace(name=name, addresses=sources, socket=str(socket), enter=())
    finally:
        end(agent)


def _listens(agent: "subprocess.Popen[bytes]", socket: Path, log: Path) -> bool:
    if agent.poll() is not None:
        raise ProvisionError(f"the agent on this machine ended with {agent.returncode}: {log.read_text()[-1000:]}")
    return socket.exists()


def to_nodes(nodes: Sequence[Node], everybody: Sequence[str], service: str, looked: Looked) -> Route:
    """Look for a way from a machine to every one of `nodes`, and to `service`, a ClusterIP.

    `everybody` are the addresses of all nodes. The way to ClusterIPs is one by a node; it is not tried, since the
    proxy under test would answer.
    """
    families = list(zip(*(node.addresses for node in nodes), strict=False))
    asked = [(address, KUBELET) for family in families for address in family]
    *answers, (hop, no_route) = looked(asked, [service])
    sources: list[str] = []
    for index in range(len(families)):
        of_family = answers[index * len(nodes) : (index + 1) * len(nodes)]
        if why_not := next((why for _, why in of_family if why), ""):
            if not sources:
                return Route(why_not=f"has no way to the nodes: {why_not}")
            continue
        sources.append(of_family[-1][0])
    if nodes_own := set(sources).intersection(everybody):
        return Route(why_not=f"is a node of the cluster ({', '.join(sorted(nodes_own))})")
    if hop and hop not in everybody:
        no_route = f"packets to {service} would go to {hop}, which is no node"
    return Route(tuple(sources), no_services=no_route and f"has no route to ClusterIPs: {no_route}")


def in_pod(environment: Mapping[str, str], mounted: Path) -> bool:
    """True if this process runs in a pod."""
    return "KUBERNETES_SERVICE_HOST" in environment and mounted.is_dir()
