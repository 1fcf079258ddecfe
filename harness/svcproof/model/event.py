"""Events of a check: what it probed, read and changed, each with its time and the step of the check that it belongs to.

A look, a change or a thing of the harness is a value here; `report` alone makes text of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from svcproof.model.probe import Lookup, Observation, Target
from svcproof.model.traffic import Traffic


class Verb(StrEnum):
    """The verb of a change: of the Kubernetes API, or of an agent in a pod."""

    CREATE = "create"
    REPLACE = "replace"
    APPLY = "apply"
    PATCH = "patch"
    DELETE = "delete"
    READY = "make ready"
    UNREADY = "make not ready"
    SERVE = "serve"
    UNSERVE = "close the port of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that the check made: to an object by the API, or to what an agent in a pod does.

    `sent` is the patch, or the manifest of a Service or EndpointSlice, in which `kind` and `metadata` are left out;
    those of other kinds are long and say little. Of an agent it is the protocol and port. `refused` is the API
    server's objection; empty where it took the change.
    """

    verb: Verb
    kind: str
    name: str
    """The name of the object."""
    namespace: str = ""
    """The namespace of the object; empty where it is in none."""
    resource_version: str = ""
    """The resourceVersion after the change; empty after a deletion."""
    sent: Any = None
    refused: str = ""
    seconds: float = 0.0
    """The time until it was acknowledged, from `at` of the event on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A read of the API: one object, or the number of objects of a kind that have these labels."""

    kind: str
    """The API kind."""
    name: str = ""
    """The name of the object; empty where the objects of a kind were listed."""
    namespace: str = ""
    """The namespace; empty where the object is in none, or those of all were listed."""
    labels: str = ""
    """The label selector of a list."""
    resource_version: str = ""
    """The resourceVersion of the object; empty for a list."""
    objects: int = 1
    """The number of objects that were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpStatus:
    """The status with which anybody's HTTP server answered a GET; 0 where none answered."""

    vantage: str
    """The name of the vantage that asked."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    address: str
    """The IP address of the server."""
    port: int
    """The port of the server."""
    path: str
    """The path of the URL."""
    status: int
    """The status code; 0 where none answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAddress:
    """The hardware address that a vantage sends to for an IP address; empty where nobody answered for it."""

    vantage: str
    """The name of the vantage."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    address: str
    """The IP address."""
    hardware: str
    """The hardware address; empty where nobody answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The surroundings that a container sees: how many variables, and its resolver's configuration."""

    vantage: str
    """The name of the vantage."""
    node: str = ""
    """The node of the vantage."""
    variables: int
    """The number of environment variables."""
    resolv_conf: str
    """The content of /etc/resolv.conf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One vantage at one target of a sweep, and in what it differs from what a rule promises."""

    vantage: str
    """The name of the vantage."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    target: Target
    service: str = ""
    """Namespace and name of the Service, separated by a slash; empty where none has the address now."""
    door: str
    """The kind of address, such as ClusterIP."""
    aspect: str
    """The part of the promise: answered, backends, preference, spread, silence, source or sticky."""
    answered: str
    """The number of tries that one of our own is to answer: always, never, or open."""
    backends: tuple[str, ...] = ()
    """The names of the pods that may answer; of the aspects preference and spread, those that should or must."""
    allowed: tuple[str, ...] = ()
    """The source addresses, or the outcomes, that are promised, where the aspect is one of these."""
    expected: str
    """The promise, in words."""
    seen: str
    """The observation, in words."""
    rule: str
    """The name of the rule."""
    says: str
    """The rule in words."""
    level: str
    """The level of the rule."""
    clause: str
    """The URL of the clause that the rule follows from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One look from all vantages at all doors of Services, held against what the rules promise.

    Only where an `eventually` gave up has it `differences`, of as many cells as `differing` says.
    """

    vantages: int
    """The number of vantages."""
    doors: int
    """The number of addresses, ports and protocols that were asked."""
    cells: int
    """The number of pairs of a vantage and a door of which something is promised."""
    probes: int
    """The number of probes in all of them."""
    differing: int = 0
    """The number of cells in which it is not as promised."""
    differences: tuple[Differing, ...] = ()

    def __str__(self) -> str:
        size = f"{self.probes} probes from {self.vantages} vantages at {self.doors} doors"
        if not self.differing:
            return f"{size}: all is as promised"
        return f"{size}: not as promised in {self.differing} of {self.cells} pairs of both"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarnessAction:
    """An action of the harness on something other than the API, such as starting the proxy of a node again."""

    action: str
    """The action, in words."""
    on: str
    """The object of the action, such as the proxy of a node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a check saw or did. Exactly one of the fields from `probe` on is there.

    `at` is when it began, in seconds since the check began. Equal ones, whatever time they took, that followed in the
    looks of one vantage are kept as one: there were `count` of them, the last began at `until`, the slowest took
    `slowest` seconds. `step` is the number of its step in the fact, the first being 0.
    """

    at: float
    step: int
    count: int = 1
    until: float | None = None
    slowest: float | None = None

    probe: Observation | None = None
    lookup: Lookup | None = None
    reading: Reading | None = None
    status: HttpStatus | None = None
    link_address: LinkAddress | None = None
    environment: Environment | None = None
    traffic: Traffic | None = None
    sweep: Sweep | None = None
    change: Change | None = None
    harness: HarnessAction | None = None

    @property
    def last(self) -> float:
        """The time at which the last of those kept as one began."""
        return self.at if self.until is None else self.until

    def later(self, seconds: float, step: int) -> "Event":
        """The same in another step, and so many seconds later."""
        until = None if self.until is None else round(self.until + seconds, 4)
        return replace(self, at=round(self.at + seconds, 4), until=until, step=step)

    @property
    def what(self) -> "Happening":
        """The one value that is there."""
        values: tuple[Happening | None, ...] = tuple(getattr(self, name) for name in FIELDS.values())
        return next(value for value in values if value is not None)


Happening = (
    Observation | Lookup | Reading | HttpStatus | LinkAddress | Environment | Traffic | Sweep | Change | HarnessAction
)
FIELDS: Mapping[type, str] = {
    Observation: "probe",
    Lookup: "lookup",
    Reading: "reading",
    HttpStatus: "status",
    LinkAddress: "link_address",
    Environment: "environment",
    Traffic: "traffic",
    Sweep: "sweep",
    Change: "change",
    HarnessAction: "harness",
}
"""The field of an Event that holds a value of each kind."""
PROBES = (Observation, Lookup, HttpStatus, LinkAddress, Environment, Traffic, Sweep)
"""The types of what a vantage sees, past the API."""


def event_of(what: Happening, at: float, step: int) -> Event:
    """The event of one happening."""
    held: dict[str, Any] = {FIELDS[type(what)]: what}
    return Event(at=at, step=step, **held)
