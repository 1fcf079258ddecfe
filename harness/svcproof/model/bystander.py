"""Bystanders, Services that stand throughout a run and nobody changes, and what they suffered during one check."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of bystanders; each is called by the id of the behaviour that it is broken against."""

    CLUSTER_IP = "cluster_ip_stays_served_beside_other_services"
    UDP = "udp_service_stays_served_beside_other_services"
    BOTH = "tcp_and_udp_of_one_port_stay_served_beside_other_services"
    NODE_PORT = "node_port_stays_open_beside_other_services"
    LOAD_BALANCER = "load_balancer_address_stays_served_beside_other_services"
    EXTERNAL_IP = "external_ip_stays_served_beside_other_services"
    POLICY = "local_policies_stay_in_force_beside_other_services"
    AFFINITY = "affinity_stays_in_force_beside_other_services"
    BY_HAND = "slices_made_by_hand_stay_in_force_beside_other_services"
    NAMES = "names_stay_resolved_beside_other_services"
    BUILT_IN = "kubernetes_and_dns_stay_served_beside_other_services"


@dataclass(frozen=True, slots=True, kw_only=True)
class NearbyChange:
    """A change that was made between the last look at a bystander that was right and the first that was wrong."""

    check: str
    """The id of the behaviour whose check made it."""
    change: str
    """The change, in words."""
    before: float
    """Seconds from the change to the first wrong look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """A bystander that was not as it must be at one door, as one vantage saw it. Times are seconds of the check."""

    service: str
    """The name of the Service."""
    kind: Kind
    """The kind of bystander that it is."""
    door: str
    """The door at which it was asked, in words, with its target."""
    vantage: str
    """The name of the vantage."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    expected: str
    """The sight that must be there, in words."""
    seen: str
    """The sight that was there instead, in words."""
    rule: str = ""
    """The rule of the specification that says so."""
    at: float
    """The first wrong look; negative where it was before the check began."""
    until: float | None = None
    """The first right look after it; None where it was still wrong at the end of the check."""
    lost: int = 1
    """The number of wrong looks."""
    gap: float = 0.0
    """Seconds from the last right look before it to the first after it, or to the end of the check."""
    changes: tuple[NearbyChange, ...] = ()
    """The changes made then, the last one first; of many, some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTally:
    """The looks at all bystanders from the vantages of one node, or from outside the cluster."""

    node: str = ""
    """The node; empty: outside the cluster."""
    tries: int
    """The number of looks."""
    lost: int = 0
    """Those that were wrong."""
    gap: float = 0.0
    """The longest time, in seconds, between two right looks of one vantage at one door, with a wrong one in between."""


class Tallied:
    """Looks that are counted for each node."""

    __slots__ = ()
    nodes: tuple[NodeTally, ...]

    @property
    def tries(self) -> int:
        """The number of looks."""
        return sum(tally.tries for tally in self.nodes)

    @property
    def lost(self) -> int:
        """The number of looks that were wrong."""
        return sum(tally.lost for tally in self.nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class BystanderRecord(Tallied):
    """All looks at bystanders that ended during one check."""

    services: int
    """The number of bystanders."""
    every: float
    """Seconds from one look to the next, of one vantage at one door: the resolution of all times."""
    nodes: tuple[NodeTally, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    """The disturbances; of many, some."""
    more: int = 0
    """The number of further disturbances, which are left out."""

    @property
    def gap(self) -> float:
        """The longest gap, in seconds."""
        return max((tally.gap for tally in self.nodes), default=0.0)
