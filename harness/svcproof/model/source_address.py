"""The source address that backends see, by the path of a probe: the client's own, a node's, or another.

Pure functions of a run. Paths are those that differ in what Kubernetes promises of the address, or leaves open.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address

from svcproof.addresses import Address, Range
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Fact
from svcproof.model.probe import Observation
from svcproof.model.run import Run


class SourceSeen(StrEnum):
    """The address that a backend saw, as against that of the client."""

    KEPT = "the client's own"
    NODE = "a node's"
    OTHER = "another"


class PathDoor(StrEnum):
    """The kind of address at which a client reached a Service."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "node port"
    LOAD_BALANCER = "load balancer address"
    EXTERNAL_IP = "externalIP"


class Endpoint(StrEnum):
    """The place of the endpoint that answered, as seen from its client."""

    SAME_NODE = "on the same node"
    OTHER_NODE = "on another node"
    ITSELF = "the pod itself"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Path:
    """The path of probes. `endpoint` is empty for clients outside; `policy` is that of external traffic.

    `policy` is empty for a ClusterIP, which has none.
    """

    door: PathDoor
    policy: str
    outside: bool
    endpoint: str

    @property
    def kept_by_promise(self) -> bool:
        """True where the API promises that the client's address is kept.

        https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip
        """
        return self.outside and self.policy == "Local"

    def __str__(self) -> str:
        client = "client outside" if self.outside else "pod"
        policy = f", policy {self.policy}" if self.policy else ""
        endpoint = f", endpoint {self.endpoint}" if self.endpoint else ""
        return f"{client} at {self.door}{policy}{endpoint}"


POLICY = "externalTrafficPolicy"
CLUSTER = "Cluster"
"""The policy where none is named."""


def sources(run: Run) -> Mapping[Path, Mapping[SourceSeen, int]]:
    """The number of probes that were answered on each path, by what their backends saw; paths in a fixed order.

    A probe is left out where its path, or whose the address is, does not follow from the run: of a cluster that
    declares no ranges, most; so is what a node asks, whose address is a node's anyway.
    """
    spec = run.header.cluster
    probes = [(fact, event, event.probe) for fact in run.facts for event in fact.events if event.probe]
    own = dict(_own_addresses((probe for _, _, probe in probes), spec))
    nodes = {probe.target.address for _, _, probe in probes if _is_node_port(probe, spec)}
    nodes |= {address for address in own.values() if _within(address, spec.node_ranges)}
    nodes |= set(_node_addresses(run))
    counts: dict[Path, dict[SourceSeen, int]] = {}
    for fact, event, probe in probes:
        path, seen = _path(fact, event, probe, spec), _seen(probe, own, nodes, spec)
        is_node = probe.answer and own.get((probe.vantage, probe.answer.namespace)) in nodes
        if path and seen and not is_node:
            of_path = counts.setdefault(path, dict.fromkeys(SourceSeen, 0))
            of_path[seen] += event.count
    return {path: counts[path] for path in sorted(counts)}


def _node_addresses(run: Run) -> Iterator[str]:
    for fact in run.facts:
        for place in (circumstance.place for circumstance in fact.circumstances):
            if place and not place.outside:
                yield from place.addresses


def _own_addresses(probes: Iterable[Observation], spec: ClusterSpec) -> Iterator[tuple[tuple[str, str], str]]:
    """The address of each vantage in each namespace: what pods saw of it that were asked past all Services."""
    for probe in probes:
        if probe.answer and probe.node and _within(probe.target.address, spec.pod_ranges):
            yield (probe.vantage, probe.answer.namespace), probe.answer.source


def _seen(
    probe: Observation, own: Mapping[tuple[str, str], str], nodes: set[str], spec: ClusterSpec
) -> SourceSeen | None:
    if probe.answer is None:
        return None
    source = probe.answer.source
    if source in nodes:
        return SourceSeen.NODE
    if not probe.node:
        is_foreign = not _within(source, (*spec.pod_ranges, *spec.service_ranges))
        return SourceSeen.KEPT if is_foreign else SourceSeen.OTHER
    address = own.get((probe.vantage, probe.answer.namespace))
    if address is None:
        return None
    return SourceSeen.KEPT if source == address else SourceSeen.OTHER


def _path(fact: Fact, event: Event, probe: Observation, spec: ClusterSpec) -> Path | None:
    door = _door(probe, spec)
    policy = _policy(fact, event) if door and door is not PathDoor.CLUSTER_IP else ""
    if door is None or policy is None or probe.answer is None:
        return None
    if not probe.node:
        endpoint = ""
    elif probe.answer.pod == probe.vantage:
        endpoint = Endpoint.ITSELF
    else:
        endpoint = Endpoint.SAME_NODE if probe.answer.node == probe.node else Endpoint.OTHER_NODE
    return Path(door=door, policy=policy, outside=not probe.node, endpoint=endpoint)


def _door(probe: Observation, spec: ClusterSpec) -> PathDoor | None:
    address = probe.target.address
    if _within(address, spec.service_ranges):
        return PathDoor.CLUSTER_IP
    if _within(address, spec.external_ranges):
        return PathDoor.EXTERNAL_IP
    number = _read(address)
    if any(int(span.first) <= int(number) <= int(span.last) for span in spec.load_balancer_pool):
        return PathDoor.LOAD_BALANCER
    return PathDoor.NODE_PORT if _is_node_port(probe, spec) else None


def _is_node_port(probe: Observation, spec: ClusterSpec) -> bool:
    first, _, last = spec.node_ports.partition("-")
    is_port = int(first) <= probe.target.port <= int(last)
    return is_port and _within(probe.target.address, spec.node_ranges)


def _policy(fact: Fact, probed: Event) -> str | None:
    """The policy for external traffic of the check's Services; None where they differ, or where it was changed."""
    changes = [event.change for event in fact.events if event.change and event.at <= probed.at]
    of_services = [change for change in changes if change.kind.endswith("Service") and not change.refused]
    policies = {_sent_policy(change) or CLUSTER for change in of_services if change.verb is Verb.CREATE}
    is_changed = any(change.verb is not Verb.CREATE and _sent_policy(change) for change in of_services)
    return policies.pop() if len(policies) == 1 and not is_changed else None


def _sent_policy(change: Change) -> str:
    spec = change.sent.get("spec") if isinstance(change.sent, Mapping) else None
    policy = spec.get(POLICY, "") if isinstance(spec, Mapping) else ""
    return policy if isinstance(policy, str) else ""


def _within(address: str, ranges: Iterable[Range]) -> bool:
    number = _read(address)
    return any(number.version == each.version and number in each for each in ranges)


@lru_cache(maxsize=4096)
def _read(address: str) -> Address:
    return ip_address(address)
