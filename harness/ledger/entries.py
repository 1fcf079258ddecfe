"""Entries of the ledger: `<state>/svcproof/runs/<provider>-<token>/`, one per run that makes something outside."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.ledger.identity import identity
from harness.ledger.place import state, writing

RECORD = "run.json"
NOTES = "the note of what the run makes"


@dataclass(frozen=True, slots=True)
class Entry:
    """One run's; `directory` is private to this user and may hold its kubeconfig and logs."""

    directory: Path
    provider: str
    token: str
    """A name no other run has: 6 hexadecimal digits."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What has been noted of it so far."""
        facts: Mapping[str, Any] = _read(self.directory)["facts"]
        return facts

    def note(self, **facts: Any) -> None:
        """Add what JSON can hold, on disk when this returns: call it before what it tells of is made.

        Raises ProvisionError where it cannot be kept.
        """
        record = _read(self.directory)
        record["facts"] |= facts
        with writing(NOTES, self.directory):
            _write(self.directory, record)


def begin(provider: str, **facts: Any) -> Entry:
    """Open an entry for a run of this process; raises ProvisionError where it cannot be kept."""
    token = secrets.token_hex(3)
    entry = Entry(_runs() / f"{provider}-{token}", provider, token)
    draft = entry.directory.with_name(f".{entry.directory.name}")  # Whole, or not seen: an entry without owner is left.
    try:
        with writing(NOTES, entry.directory):
            draft.mkdir(mode=0o700, parents=True)
            _write(draft, {"owner": identity(os.getpid()), "facts": facts})
            draft.rename(entry.directory)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return entry


def end(entry: Entry) -> None:
    """Forget a run whose things are all removed."""
    shutil.rmtree(entry.directory, ignore_errors=True)


def abandoned(provider: str) -> tuple[Entry, ...]:
    """Entries of this provider whose process has ended without `end`."""
    ended = (one for one in sorted(_runs().glob(f"{provider}-*")) if _is_over(one))
    return tuple(Entry(one, provider, one.name.removeprefix(f"{provider}-")) for one in ended)


def alive() -> frozenset[str]:
    """Tokens of this user's runs, of any provider, whose process has not ended."""
    return frozenset(one.name.rpartition("-")[2] for one in _runs().glob("*-*") if not _is_over(one))


def _runs() -> Path:
    return state() / "runs"


def _is_over(directory: Path) -> bool:
    owner = _read(directory).get("owner")
    return owner is None or identity(owner["pid"]) != owner


def _read(directory: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((directory / RECORD).read_text())
    except (FileNotFoundError, ValueError):
        return {"owner": None, "facts": {}}  # killed before it wrote anything, or lost when the machine went down
    return record


def _write(directory: Path, record: Mapping[str, Any]) -> None:
    draft = directory / f"{RECORD}.new"
    draft.write_text(json.dumps(record, indent=2))
    draft.replace(directory / RECORD)
