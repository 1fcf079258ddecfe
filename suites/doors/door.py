"""Doors, the kinds of address at which a Service is reached, and behaviours that are asked at several of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from inspect import Parameter, Signature, signature
from typing import Any, ClassVar

from svcproof import MUST, PROXY, Capability, Feature, Seen, announced, behaviour, control, eventually

from ..clauses import SERVICE, SERVICE_PROXY

ASKER_NEEDS = {
    "outside": Capability.OUTSIDE_CLIENT,
    "outsiders": Capability.OUTSIDE_CLIENT,
    "hosts": Capability.HOST_NETWORK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A door in one check: it makes Services that have it, and asks them there. Its fields are filled by fixtures."""

    kind: ClassVar[str] = "ClusterIP"
    """The kind of its doors, as a sweep calls it."""
    askers: Any
    sweep: Callable[..., Seen]

    @property
    def asker(self) -> Any:
        """The first of the clients that ask at this door."""
        return self.askers[0] if isinstance(self.askers, tuple) else self.askers

    def service(self, workload, **spec):
        """Make a Service that has this door."""
        return workload.service(**spec)

    def targets(self, service, port=None):
        """Each address of the Service at this door."""
        return [service.at_cluster_ip(port)]

    def target(self, service, port=None):
        """The first of them."""
        return self.targets(service, port)[0]

    def ask(self, *targets, times=1, timeout=1.0, size=0):
        """Probe targets from each of the clients that ask at this door."""
        askers = self.askers if isinstance(self.askers, tuple) else (self.askers,)
        return self.sweep(askers, targets, times=times, timeout=timeout, size=size)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePortEntrance(Entrance):
    """The node port of a Service, at each node."""

    kind: ClassVar[str] = "node port"
    nodes: Any

    def service(self, workload, **spec):
        """Make a Service of type NodePort."""
        return workload.service(**{"type": "NodePort", **spec})

    def targets(self, service, port=None):
        """Its node port at each node, that of `echo` and `db` first."""
        return [service.at_node(node, port) for node in self.nodes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIpEntrance(Entrance):
    """An externalIP of a Service."""

    kind: ClassVar[str] = "external IP"
    external_address: Any

    def service(self, workload, **spec):
        """Make a Service with an externalIP that nobody else has."""
        return workload.service(externalIPs=[self.external_address()], **spec)

    def targets(self, service, port=None):
        """Its port, at each of its externalIPs."""
        return [service.at_address(address, port) for address in service.spec["externalIPs"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancerEntrance(Entrance):
    """The address that a load balancer assigned to a Service."""

    kind: ClassVar[str] = "load balancer address"

    def service(self, workload, **spec):
        """Make a Service of type LoadBalancer; for a client outside, wait until its address is announced."""
        service = workload.service(type="LoadBalancer", **spec)
        (address, *_) = service.load_balancer_addresses()
        if not self.asker.node:
            with control("the address is announced"):
                eventually(lambda: self.asker.neighbour(address), announced)
        return service

    def targets(self, service, port=None):
        """Its port, at that address."""
        return [service.at_load_balancer(port)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A kind of address at which Services are reached.

    `area`, `spec` and `because` are those of behaviours asked there, `requires` what it takes to have one,
    and `fixtures` fill the fields of `entrance`, where they have other names than the fields.
    """

    area: str
    spec: str
    because: str
    requires: frozenset[Capability | Feature]
    entrance: type[Entrance]
    fixtures: Mapping[str, str]
    kep: int | None = None

    def using(self, **fixtures: str) -> "Door":
        """The same door, with other fixtures: `askers` are the clients that ask there."""
        return replace(self, fixtures={**self.fixtures, **fixtures})

    def __call__(self, id: str, requirement: str, **claim: Any) -> "AtDoor":  # noqa: A002
        """Declare the behaviour that a check shows at this door; further keywords are those of `@behaviour`."""
        return AtDoor(self, id, requirement, claim)

    def needs(self) -> Iterable[Capability | Feature]:
        """The capabilities and features that its address and its askers need."""
        asker = self.fixtures["askers"]
        return self.requires | ({ASKER_NEEDS[asker]} if asker in ASKER_NEEDS else set())

    def wiring(self) -> dict[str, str]:
        """The fixture for each field of the entrance."""
        return {field.name: self.fixtures.get(field.name, field.name) for field in fields(self.entrance)}


@dataclass(frozen=True, slots=True)
class AtDoor:
    """One behaviour of several that a check shows: that at one door, with its id and its requirement there.

    `values` are those of the check's arguments that are no fixtures.
    """

    door: Door
    id: str
    requirement: str
    claim: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)


CLUSTER_IP = Door(
    area="cluster_ip",
    spec=SERVICE_PROXY + "#cluster-ips",
    because="A ClusterIP must be reachable from all pods and from all nodes.",
    requires=frozenset(),
    entrance=Entrance,
    fixtures={"askers": "client"},
)
NODE_PORT = Door(
    area="node_port",
    spec=SERVICE + "#type-nodeport",
    because=(
        "From outside the cluster the Service is reached by connecting to any node, at this port and over its protocol."
    ),
    requires=frozenset({Feature.NODE_PORT}),
    entrance=NodePortEntrance,
    fixtures={"askers": "outside"},
)
EXTERNAL_IP = Door(
    area="external_ip",
    spec=SERVICE + "#external-ips",
    because="Traffic that comes into the cluster for an externalIP and port of a Service is routed to an endpoint.",
    requires=frozenset({Capability.EXTERNAL_ADDRESSES, Feature.EXTERNAL_IPS}),
    entrance=ExternalIpEntrance,
    fixtures={"askers": "outside"},
    kep=5707,
)
LOAD_BALANCER = Door(
    area="load_balancer",
    spec=SERVICE + "#loadbalancer",
    because=(
        "Traffic from the load balancer is directed at the backends: a node that it arrives at leads it to an endpoint."
    ),
    requires=frozenset({Capability.LOAD_BALANCER, Feature.LOAD_BALANCER}),
    entrance=LoadBalancerEntrance,
    fixtures={"askers": "outside"},
)


def behaviour_at(*doors: AtDoor, **shared: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a check that shows one behaviour at each door; `shared` holds where a door says nothing else.

    For each door a test function is put beside the check, named after the behaviour's id, where pytest finds it. The
    check's argument `door` is the Entrance; its other arguments are fixtures.
    """

    def declare(check: Callable[..., None]) -> Callable[..., None]:
        for at in doors:
            name = f"test_{at.id}"
            if name in check.__globals__:
                raise TypeError(f"behaviour {at.id!r} is defined twice in one file")
            door = at.door
            usual = {
                "by": PROXY,
                "level": MUST,
                "spec": door.spec,
                "area": door.area,
                "because": door.because,
                "kep": door.kep,
            }
            claim = {**usual, **shared, **at.claim}
            claim["requires"] = {*door.needs(), *shared.get("requires", ()), *at.claim.get("requires", ())}
            check.__globals__[name] = behaviour(**claim)(_at_door(check, at))
        return check

    return declare


def _at_door(check: Callable[..., None], at: AtDoor) -> Callable[..., None]:
    """Make the test function of a check at one door."""
    wiring = at.door.wiring()
    own = [name for name in signature(check).parameters if name != "door" and name not in at.values]

    def test(**fixtures: Any) -> None:
        entrance = at.door.entrance(**{name: fixtures[fixture] for name, fixture in wiring.items()})
        check(door=entrance, **{name: fixtures[name] for name in own}, **at.values)

    names = dict.fromkeys([*wiring.values(), *own])
    test.__name__ = test.__qualname__ = f"test_{at.id}"
    test.__doc__, test.__module__ = at.requirement, check.__module__
    vars(test)["__wrapped__"] = check
    vars(test)["__signature__"] = Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in names])
    return test
