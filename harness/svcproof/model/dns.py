"""A DNS lookup and its answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer to one DNS query from one vantage.

    `code` is the response code's name (NOERROR, NXDOMAIN, ...), or TIMEOUT where no answer came. `records` holds
    the answer section's data in presentation form (`10.96.0.9`, `0 100 80 db.ns.svc.cluster.local.`), `types` the
    record types in it; `chain` the owner names, so that a CNAME can be followed.
    """

    vantage: str
    server: str
    name: str
    type: str
    code: str
    records: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    chain: tuple[tuple[str, str, str], ...] = ()
    """(owner, type, data) of each record of the answer section, in order."""
    ttl: int | None = None
    """The smallest time to live in the answer section, in seconds."""
    truncated: bool = False
    authoritative: bool = False
    seconds: float = 0.0

    def __str__(self) -> str:
        records = ", ".join(sorted(self.records)) or "no records"
        return f"{self.vantage} asks {self.server} for {self.name} {self.type}: {self.code}, {records}"
