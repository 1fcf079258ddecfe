"""The record, on disk, of all that runs make outside their process, so that a killed run's can be removed."""

from svcproof.ledger import scratch
from svcproof.ledger.entries import Entry, LeftAlone, abandoned, alive, begin, end, killed_runs
from svcproof.ledger.identity import Fate, Identity, began_before_this_boot, fate, identity, kill, parsed
from svcproof.ledger.lock import is_locked, locked, sweep
from svcproof.ledger.place import entries_of, make_part, state, writing

__all__ = [
    "Entry",
    "Fate",
    "Identity",
    "LeftAlone",
    "abandoned",
    "alive",
    "began_before_this_boot",
    "begin",
    "end",
    "entries_of",
    "fate",
    "identity",
    "is_locked",
    "kill",
    "killed_runs",
    "locked",
    "make_part",
    "parsed",
    "scratch",
    "state",
    "sweep",
    "writing",
]
