"""The nodes of a cluster that exists, where they are containers of this machine's engine, as those of kind and k3d are.

Clients outside are then containers on the network of the nodes, and go with the run.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from svcproof import ledger
from svcproof.addresses import Range
from svcproof.errors import ProvisionError
from svcproof.kubernetes.cluster.outside.clients import Clients
from svcproof.kubernetes.cluster.reach import OutsidePlace
from svcproof.kubernetes.kind import engine as engines
from svcproof.kubernetes.kind import outside_clients
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.objects.cluster_access import LABEL
from svcproof.ledger import Entry, LeftAlone
from svcproof.model.cluster import Node
from svcproof.model.cluster_spec import ClusterSpec

PROVIDER = "outside"
"""The word in the ledger for runs that have such containers."""
NOBODYS = (ip_network("198.51.100.0/24"), ip_network("2001:db8::/32"))
"""Addresses for documentation, which nobody has: https://www.rfc-editor.org/rfc/rfc5737 and rfc3849."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerNodes:
    """The engine that has the nodes, the network they share, and the first node: its image and its addresses."""

    engine: Engine
    network: str
    image: str
    gateways: tuple[str, ...]

    def clients(self, spec: ClusterSpec) -> Clients:
        """The clients outside there can be, which are yet to be started."""
        return Clients(why_not_two="" if spec.outside > 1 else f"{spec.name} declares one client outside")


def find(nodes: Sequence[Node]) -> ContainerNodes | None:
    """Return the containers that these nodes are, or None where one of them is none of this machine's.

    nerdctl does not tell the network of a container, so nodes of its own are not found.
    """
    try:
        engine = engines.find()
    except ProvisionError:
        return None
    inspected = engine.attempt("inspect", "--type", "container", *(node.name for node in nodes))
    if inspected.code or engine.name == "nerdctl":
        return None
    return read(engine, nodes, json.loads(inspected.stdout))


def read(engine: Engine, nodes: Sequence[Node], containers: Sequence[Mapping[str, Any]]) -> ContainerNodes | None:
    """The containers as the engine describes them; None where they share no network by the addresses of the nodes."""
    for name, first in containers[0]["NetworkSettings"]["Networks"].items():
        attachments = [container["NetworkSettings"]["Networks"].get(name) or {} for container in containers]
        pairs = zip(nodes, attachments, strict=True)
        if all(not set(node.addresses).isdisjoint(_addresses(attachment)) for node, attachment in pairs):
            return ContainerNodes(engine=engine, network=name, image=containers[0]["Image"], gateways=_addresses(first))
    return None


def external_ranges(spec: ClusterSpec) -> tuple[Range, ...]:
    """The declared ranges, or else addresses that nobody has, in the IP families of the cluster."""
    return spec.external_ranges or tuple(whole for whole in NOBODYS if f"ipv{whole.version}" in spec.families)


@contextmanager
def running(nodes: ContainerNodes, spec: ClusterSpec, image: str, secret: str) -> Iterator[tuple[OutsidePlace, ...]]:
    """Have the clients outside of a completed declaration, of `image`, until the context ends.

    Raises ProvisionError where one does not start.
    """
    entry = ledger.begin(PROVIDER)
    try:
        names = tuple(f"outside-{number}" for number in range(1, spec.outside + 1))
        outside_clients.start(nodes.engine, nodes.network, image, names, entry.token, secret)
        ranges = (*spec.service_ranges, *spec.external_ranges)
        for name in names:
            outside_clients.route(nodes.engine, nodes.image, entry.token, name, ranges, nodes.gateways)
        yield tuple(outside_clients.place(nodes.engine, entry.token, name, spec.families) for name in names)
    finally:
        _clear(nodes.engine, entry)


@dataclass(frozen=True, slots=True)
class LeftContainers:
    """The containers that a killed run has left."""

    entry: Entry

    def __str__(self) -> str:
        return f"the containers that were clients outside, of run {self.entry.token}"

    def remove(self) -> None:
        """Remove them; raises ProvisionError where that fails."""
        _clear(engines.find(), self.entry)


def leftovers() -> tuple[LeftContainers | LeftAlone, ...]:
    """The containers that killed runs of this user have left, and what cannot be judged."""
    return ledger.killed_runs(PROVIDER, LeftContainers)


def _clear(engine: Engine, entry: Entry) -> None:
    engine.remove(*engine.containers(f"{LABEL}={entry.token}"))
    ledger.end(entry)


def _addresses(attachment: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses of a container on one network, IPv4 and IPv6."""
    return tuple(attachment[key] for key in ("IPAddress", "GlobalIPv6Address") if attachment.get(key))
