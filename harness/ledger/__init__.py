"""What runs have begun outside this process, on disk before it is made: so that a killed run's can be removed."""

from harness.ledger.entries import Entry, abandoned, alive, begin, end
from harness.ledger.identity import Identity, identity
from harness.ledger.lock import is_locked, locked, sweep
from harness.ledger.place import state, writing

__all__ = [
    "Entry",
    "Identity",
    "abandoned",
    "alive",
    "begin",
    "end",
    "identity",
    "is_locked",
    "locked",
    "state",
    "sweep",
    "writing",
]
