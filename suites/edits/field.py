"""Mutable fields as rows of a table, and the behaviours that a row is: one for each door at which the field shows."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from svcproof import Feature, Level

from ..clauses import ENDPOINTS_OF_NOW, SERVICE_PROXY
from ..doors.door import AtDoor, Door
from .doors import CLUSTER_IP, EXTERNAL_IP, HEALTH_CHECK, LOAD_BALANCER, NODE_PORT
from .scene import Scene

Edit = Callable[[Scene], None]
PLACES: Mapping[str, tuple[Door, str]] = {
    "cluster_ip": (CLUSTER_IP, "ClusterIP"),
    "node_port": (NODE_PORT, "node port"),
    "external_ip": (EXTERNAL_IP, "externalIP"),
    "load_balancer_address": (LOAD_BALANCER, "load balancer address"),
    "health_check_port": (HEALTH_CHECK, "healthCheckNodePort"),
}
"""The doors by the names that ids have for them, and in words."""
SLUGS = {
    "cluster_ip": "cluster-ip",
    "node_port": "node-port",
    "external_ip": "external-ip",
    "load_balancer_address": "load-balancer",
    "health_check_port": "health-check",
}
"""Their names in those of faults."""
EVERY_ADDRESS = ("cluster_ip", "node_port", "external_ip", "load_balancer_address")
TCP_AND_UDP = (
    {"name": "stream", "port": 80, "targetPort": 8080, "protocol": "TCP"},
    {"name": "datagram", "port": 80, "targetPort": 8080, "protocol": "UDP"},
)


LOST = "edited-service-lost"
FLOWS = {
    "spec": SERVICE_PROXY + "#udp-conntrack-cleanup",
    "because": ENDPOINTS_OF_NOW,
    "otherwise": "one that holds on to a socket's endpoint may do so for the socket that had it, not for a new one.",
    "area": "edits",
    "requires": {Feature.UDP_FLOWS},
    "fails_under": {"proxy/udp-flow-sticks-to-dead-backend", "proxy/udp-flows-stick-on-some-nodes"},
}
"""The claim for UDP clients that keep their port."""


def ignored(field: str, *places: str, lost: Collection[str] = (), back: bool = False) -> Mapping[str, Collection[str]]:
    """The fault of each door's own: edits of a field are ignored there, or close it, where it does not concern it.

    With `back` the first door has another: that the first value comes back is ignored.
    """
    shown = {place: {f"{field}-edit-ignored-at-{SLUGS[place]}"} for place in places or EVERY_ADDRESS}
    if back:
        next(iter(shown.values())).add(f"{field}-edit-back-ignored")
    return shown | {place: {f"{LOST}-at-{SLUGS[place]}"} for place in lost if place not in shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One row: a field, the values that it goes through on a live object, and what follows from them.

    `begin` are keys of the spec with which the Service is made; `claim` has keywords of `@behaviour` for all doors.
    """

    id: str
    """Ids of behaviours begin with it: `selector_edited`."""
    path: str
    """The field: `Service spec.selector`."""
    when: str
    """The edits in words that follow "When": `a live Service's selector changes to other pods and back`."""
    edits: tuple[Edit, ...]
    """From the first value to the others, and back."""
    because: str
    """The sentence of the clause, in our words."""
    faults: Mapping[str, Collection[str]]
    """The faults under which the behaviour at each door fails: these are its doors."""
    begin: Mapping[str, Any] = field(default_factory=dict)
    ports: tuple[Mapping[str, Any], ...] = TCP_AND_UDP
    selects: str = "echo"
    """The pods that the Service selects at first: `echo`, `db` or `own`; `nobody` for a Service without selector."""
    pods: Mapping[str, Any] = field(default_factory=dict)
    """The pods of the check's own, as `workbench.pods` makes them, where it selects `own`."""
    arrange: Edit = field(default=lambda scene: None)
    """What is made beside the Service, before it is looked at."""
    claim: Mapping[str, Any] = field(default_factory=dict)
    flows: bool = False
    """True if endpoints go with an edit: a UDP client that keeps its port must be led to those that are left."""
    spreads: bool = False
    """True if without session affinity one client is to reach every endpoint."""
    level: Level = Level.MUST
    """The level of the rules whose breach an edit may show."""

    def at_doors(self) -> Iterable[AtDoor]:
        """Declare the behaviour at each of its doors."""
        for place, faults in self.faults.items():
            door, words = PLACES[place]
            claim = {
                "because": self.because,
                "level": self.level,
                "fails_under": {f"proxy/{fault}" for fault in faults},
                "area": "edits",
            }
            requirement = f"When {self.when}, its {words} is served as it says now, from everywhere."
            yield self._declared(door(f"{self.id}_shows_at_its_{place}", requirement, **{**claim, **self.claim}))

    def flows_at_doors(self) -> Iterable[AtDoor]:
        """Declare what holds for UDP clients that keep their port, at each of its addresses."""
        for place in EVERY_ADDRESS:
            door, words = PLACES[place]
            requirement = (
                f"When {self.when}, UDP clients of its {words} that keep their port reach the endpoints of now."
            )
            yield self._declared(door(f"{self.id}_moves_udp_flows_at_its_{place}", requirement, **FLOWS))

    def _declared(self, at: AtDoor) -> AtDoor:
        return replace(at, values={"field": self})


def at_doors(rows: Iterable[Field]) -> Iterable[AtDoor]:
    """Declare the behaviours of a table."""
    return (at for row in rows for at in row.at_doors())


def flows_at_doors(rows: Iterable[Field]) -> Iterable[AtDoor]:
    """Declare those for UDP clients that keep their port, of the rows that say so."""
    return (at for row in rows if row.flows for at in row.flows_at_doors())
