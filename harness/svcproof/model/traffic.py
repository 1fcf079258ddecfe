"""Traffic that went on while something else happened: what was sent, answered, lost, and answered by the wrong pod."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from svcproof.model.probe import Outcome, Target


class Manner(StrEnum):
    """The manner of traffic: whether each try has a socket of its own."""

    NEW = "new"
    """Each try is a new connection, or a datagram from a new socket."""
    KEPT = "kept"
    """All tries go over one connection, or one UDP socket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """The traffic from one vantage to one target: tries at a fixed rate for as long as something else went on."""

    vantage: str
    """The name of the vantage that sent."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    target: Target
    manner: Manner
    every: float
    """The time from one try to the next, in seconds."""
    seconds: float
    """The time for which the traffic went on."""
    sent: int
    """The number of tries."""
    unsent: int = 0
    """The number of tries that the vantage itself could not make in their turn; they count as nothing else."""
    late: float = 0.0
    """The longest time, in seconds, by which the vantage was late with a try: its machine was busy."""
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    """The number of tries for each outcome."""
    broken: int = 0
    """The number of kept connections that somebody else than the client ended; a new one took the place of each."""
    longest_gap: float = 0.0
    """The longest time, in seconds, through which every try was lost; 0 where none was."""
    gap_at: float | None = None
    """The beginning of that time, in seconds since the traffic began; null where no try was lost."""
    backends: Mapping[str, int] = field(default_factory=dict)
    """The number of answers of each pod, by its name."""
    wrong: tuple[str, ...] = ()
    """The names of pods that answered and should not have."""

    @property
    def answered(self) -> int:
        """The number of tries that one of our backends answered."""
        return self.outcomes.get(Outcome.ANSWERED, 0)

    @property
    def lost(self) -> int:
        """The number of tries that none of our backends answered."""
        return self.sent - self.answered

    def __str__(self) -> str:
        kept = "over one socket" if self.manner is Manner.KEPT else "each over a new socket"
        parts = [f"{self.vantage} -> {self.target}, {kept}: {self.sent} sent, {self.answered} answered"]
        if self.lost:
            parts.append(f"{self.lost} lost, longest gap {self.longest_gap:.2f} s at {self.gap_at or 0.0:.2f} s")
        if self.broken:
            parts.append(f"connection ended {self.broken} x")
        if self.unsent:
            parts.append(f"{self.unsent} could not be sent in time")
        if self.wrong:
            parts.append(f"wrongly answered by {', '.join(self.wrong)}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Streams:
    """The traffic of several vantages to several targets, and its totals."""

    traffic: tuple[Traffic, ...]

    @property
    def sent(self) -> int:
        """The number of tries."""
        return sum(stream.sent for stream in self.traffic)

    @property
    def unsent(self) -> int:
        """The number of tries that the vantages themselves could not make."""
        return sum(stream.unsent for stream in self.traffic)

    @property
    def answered(self) -> int:
        """The number of tries that one of our backends answered."""
        return sum(stream.answered for stream in self.traffic)

    @property
    def lost(self) -> int:
        """The number of tries that none of our backends answered."""
        return sum(stream.lost for stream in self.traffic)

    @property
    def broken(self) -> int:
        """The number of kept connections that somebody else than the client ended."""
        return sum(stream.broken for stream in self.traffic)

    @property
    def longest_gap(self) -> float:
        """The longest time, in seconds, through which every try of one stream was lost."""
        return max((stream.longest_gap for stream in self.traffic), default=0.0)

    @property
    def wrong(self) -> frozenset[str]:
        """The names of pods that answered and should not have."""
        return frozenset(pod for stream in self.traffic for pod in stream.wrong)

    @property
    def moved(self) -> tuple[Traffic, ...]:
        """The kept sockets that more than one pod answered."""
        return tuple(stream for stream in self.kept if len(stream.backends) > 1)

    @property
    def kept(self) -> "Streams":
        """The traffic over sockets that were kept."""
        return self.where(lambda stream: stream.manner is Manner.KEPT)

    @property
    def new(self) -> "Streams":
        """The traffic each of whose tries had a new socket."""
        return self.where(lambda stream: stream.manner is Manner.NEW)

    def on(self, node: str) -> "Streams":
        """The traffic from vantages on one node; of an empty name, from outside."""
        return self.where(lambda stream: stream.node == node)

    def to(self, *targets: Target) -> "Streams":
        """The traffic to these targets."""
        return self.where(lambda stream: stream.target in targets)

    def where(self, holds: Callable[[Traffic], bool]) -> "Streams":
        """The traffic of which something holds."""
        return Streams(tuple(filter(holds, self.traffic)))

    def __iter__(self) -> Iterator[Traffic]:
        return iter(self.traffic)

    def __len__(self) -> int:
        return len(self.traffic)

    def __str__(self) -> str:
        return "\n".join(map(str, self.traffic)) or "there was no traffic"

    __repr__ = __str__
