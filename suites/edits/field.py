"""Mutable fields as rows of a table, and the behaviours that a row is: one for each door at which the field shows."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from svcproof import Level

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


def ignored(field: str, *places: str, lost: Collection[str] = ()) -> Mapping[str, Collection[str]]:
    """The fault of each door's own: edits of a field are ignored there, or close it, where it does not concern it."""
    shown = {place: {f"{field}-edit-ignored-at-{SLUGS[place]}"} for place in places or EVERY_ADDRESS}
    return shown | {place: {f"{LOST}-at-{SLUGS[place]}"} for place in lost}


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
    level: str = "MUST"
    """The level of the rules whose breach an edit may show."""

    def at_doors(self) -> Iterable[AtDoor]:
        """Declare the behaviour at each of its doors."""
        for place, faults in self.faults.items():
            door, words = PLACES[place]
            claim = {
                "because": self.because,
                "level": Level(self.level),
                "fails_under": {f"proxy/{fault}" for fault in faults},
                "area": "edits",
            }
            requirement = f"When {self.when}, its {words} is served as it says now, from everywhere."
            declared = door(f"{self.id}_shows_at_its_{place}", requirement, **{**claim, **self.claim})
            yield AtDoor(declared.door, declared.id, declared.requirement, declared.claim, {"field": self})


def at_doors(rows: Iterable[Field]) -> Iterable[AtDoor]:
    """Declare the behaviours of a table."""
    return (at for row in rows for at in row.at_doors())
