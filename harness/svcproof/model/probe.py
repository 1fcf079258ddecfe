"""Probes, DNS queries and observations: a probe is one attempt, and an observation what came of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from svcproof.model.observed import Observed


class Protocol(StrEnum):
    """The protocol of a probe."""

    TCP = "tcp"
    UDP = "udp"
    HTTP = "http"
    SCTP = "sctp"


class Outcome(StrEnum):
    """The outcome of a probe. Outcomes are never merged."""

    ANSWERED = "answered"
    """One of our own backends answered, with the probe's nonce."""
    REFUSED = "refused"
    """An error came back, a reset or an ICMP error, or connect() was refused on this machine: `errno` names it."""
    TORN_DOWN = "torn-down"
    """The client's own kernel ended the flow and told the client so, by `errno`."""
    DROPPED = "dropped"
    """Nothing came back within the probe's timeout."""
    STRANGER = "stranger"
    """An answer came that is not from our backends, or not to this probe."""


@dataclass(frozen=True, slots=True)
class Target:
    """The destination of a probe: an IP address, a port, a protocol."""

    address: str
    """The IP address."""
    port: int
    """The port."""
    protocol: Protocol = Protocol.TCP

    def at(self, address: str | None = None, port: int | None = None) -> "Target":
        """The same, at another address or port."""
        return replace(self, address=address or self.address, port=self.port if port is None else port)

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.protocol} {host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a backend: its own identity, and the caller it saw."""

    pod: str
    """The name of its pod."""
    node: str
    """The node of the pod."""
    namespace: str
    """The namespace of the pod."""
    port: int
    """The port it listens on."""
    protocol: Protocol
    source: str
    """The peer address the backend saw."""
    source_port: int
    """The peer port the backend saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The result of one probe from one vantage, on a node of the cluster or outside of it."""

    vantage: str
    """The name of the vantage that probed."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    target: Target
    outcome: Outcome
    seconds: float
    """The time from the beginning of the probe until its outcome was known."""
    answer: Answer | None = None
    errno: str | None = None
    """The name of the error, such as ECONNREFUSED, where the outcome is `refused` or `torn-down`.

    EOF stands for a connection that was accepted and ended without a word.
    """
    resent: int = 0
    """TCP segments sent again before the answer came: a SYN, or what followed it, was lost on the way."""

    def __str__(self) -> str:
        backend = f" by {self.answer.pod} on {self.answer.node}, which saw {self.answer.source}" if self.answer else ""
        error = f" ({self.errno})" if self.errno else ""
        return f"{self.vantage} -> {self.target}: {self.outcome}{error}{backend} after {self.seconds:.3f} s"


@dataclass(frozen=True, slots=True)
class Seen:
    """Several observations, as sets to compare: `assert seen.sources == {client.address}`. The sets have words."""

    observations: tuple[Observation, ...]

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """The different outcomes."""
        return Observed((observation.outcome for observation in self.observations), "the outcomes of the probes are {}")

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers, in order; shorter than the observations where some were not answered."""
        return tuple(probed.answer for probed in self.observations if probed.answer is not None)

    @property
    def backends(self) -> frozenset[str]:
        """Names of the pods that answered."""
        return Observed((answer.pod for answer in self.answers), "the probes are answered by {}")

    @property
    def nodes(self) -> frozenset[str]:
        """Names of the nodes whose pods answered."""
        return Observed((answer.node for answer in self.answers), "the probes are answered by pods on {}")

    @property
    def sources(self) -> frozenset[str]:
        """Peer addresses that the backends saw."""
        return Observed((answer.source for answer in self.answers), "the backends see the probes come from {}")

    @property
    def ports(self) -> frozenset[int]:
        """Ports on which the backends that answered listen."""
        return Observed((answer.port for answer in self.answers), "the probes arrive at the backends' port {}")

    @property
    def errors(self) -> frozenset[str]:
        """Names of the errors of probes that were refused or torn down."""
        return Observed(
            (probed.errno for probed in self.observations if probed.errno), "the errors of the probes are {}"
        )

    @property
    def all_answered(self) -> bool:
        """Every probe is answered by one of our backends, and there is at least one."""
        return self.outcomes == {Outcome.ANSWERED}

    @property
    def none_answered(self) -> bool:
        """No probe is answered by anybody: each is refused, dropped or torn down."""
        return bool(self.observations) and self.outcomes <= {Outcome.REFUSED, Outcome.DROPPED, Outcome.TORN_DOWN}

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(self.observations + other.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    def __str__(self) -> str:
        lines = Counter(str(observation).rpartition(" after ")[0] for observation in self.observations)
        return "\n".join(f"{count} x {line}" for line, count in lines.items()) or "nothing was probed"

    __repr__ = __str__


def together(several: Sequence[Seen]) -> Seen:
    """Join the observations of several vantages."""
    return Seen(tuple(observation for seen in several for observation in seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer to one DNS query from one vantage.

    `code` is the response code's name (NOERROR, NXDOMAIN, ...), or TIMEOUT where no answer came. `records` holds
    the answer section's data in presentation form (`10.96.0.9`, `0 100 80 db.ns.svc.cluster.local.`), `types` the
    record types in it; `chain` the owner names, so that a CNAME can be followed.
    """

    vantage: str
    """The name of the vantage that asked."""
    node: str = ""
    """The node of the vantage; empty where it is outside of the cluster."""
    server: str
    """The IP address of the DNS server."""
    name: str
    """The name that was asked for."""
    type: str
    """The record type that was asked for, such as A or SRV."""
    code: str
    records: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    chain: tuple[tuple[str, str, str], ...] = ()
    """(owner, type, data) of each record of the answer section, in order."""
    ttl: int | None = None
    """The smallest time to live in the answer section, in seconds."""
    tcp: bool = False
    """True if it was asked over TCP, and not over UDP."""
    truncated: bool = False
    """True if the answer had the flag TC: not all of it fitted."""
    authoritative: bool = False
    """True if the answer had the flag AA."""
    seconds: float = 0.0
    """The time until the answer came, or until it was no longer awaited."""

    def __post_init__(self) -> None:
        """Give the sets the words that say whose they are."""
        records = Observed(self.records, f"the {self.type} records of {self.name} are {{}}")
        types = Observed(self.types, f"the types of record in the answer for {self.name} are {{}}")
        object.__setattr__(self, "records", records)
        object.__setattr__(self, "types", types)

    def __str__(self) -> str:
        records = ", ".join(sorted(self.records)) or "no records"
        over = " over TCP" if self.tcp else ""
        return f"{self.vantage} asks {self.server}{over} for {self.name} {self.type}: {self.code}, {records}"
