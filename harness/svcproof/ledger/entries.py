"""Entries of the ledger: `<state>/svcproof/runs/<provider>-<token>/`, one per run that makes something outside."""

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from svcproof.disk import UnreadableError, opened, read_record, remove_or_raise, remove_tree, write_private
from svcproof.errors import ProvisionError
from svcproof.ledger.identity import LARGEST_PID, Fate, began_before_this_boot, fate, identity, parsed
from svcproof.ledger.place import REMEDY, entries_of, make_part, writing
from svcproof.printable import one_line

Killed = TypeVar("Killed")
RECORD = "run.json"
NOTES = "the note of what the run makes"
NAME = re.compile(r"(?P<draft>\.?)(?P<provider>[a-z]+)-(?P<token>.+)", re.DOTALL)
TOKEN = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A remnant that `svcproof clean` does not remove, and the reason; `in_use` if a run may still need it."""

    what: str
    reason: str
    in_use: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One run's; `directory` is private to this user and may hold its kubeconfig and logs."""

    directory: Path
    provider: str
    token: str
    """A name no other run has: 6 hexadecimal digits."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts noted so far; none if the record cannot be read."""
        try:
            facts = _read(self.directory).get("facts")
        except (FileNotFoundError, UnreadableError):
            return {}
        return facts if isinstance(facts, dict) else {}

    @property
    def oddity(self) -> str:
        """Say why its record cannot be read, as after a power cut; empty where it can."""
        try:
            record = _read(self.directory)
        except UnreadableError as error:
            return str(error)
        if parsed(record.get("owner")) is None or not isinstance(record.get("facts"), dict):
            return f"{self.directory / RECORD} is not the record of a run"
        return ""

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
    runs = make_part("runs", NOTES)
    entry = Entry(runs / f"{provider}-{token}", provider, token)
    draft = entry.directory.with_name(f".{entry.directory.name}")  # Whole, or not seen.
    try:
        with writing(NOTES, entry.directory):
            draft.mkdir(mode=0o700)
            _write(draft, {"owner": identity(os.getpid()), "facts": facts})
            draft.rename(entry.directory)
    finally:
        remove_tree(draft)
    return entry


def end(entry: Entry) -> None:
    """Forget a run whose things are all removed; raises ProvisionError where its entry cannot be removed."""
    remove_or_raise(entry.directory)


def killed_runs(provider: str, killed_run: Callable[[Entry], Killed]) -> tuple[Killed | LeftAlone, ...]:
    """The abandoned runs of this provider, each as `killed_run` makes it of its entry, and what cannot be judged.

    Raises ProvisionError where others could have written the ledger.
    """
    return tuple(entry if isinstance(entry, LeftAlone) else killed_run(entry) for entry in abandoned(provider))


def abandoned(provider: str) -> tuple[Entry | LeftAlone, ...]:
    """Entries of this provider whose process has ended without `end`, and what is said of those that stay.

    Raises ProvisionError where others could have written the ledger.
    """
    judged = (_judged(entry) for entry in _entries() if entry.provider == provider)
    return tuple(entry for entry in judged if entry)


def alive() -> frozenset[str]:
    """Tokens of this user's runs, of any provider, that are not known to be over."""
    return frozenset(entry.token for entry in _entries() if not isinstance(_judged(entry), Entry))


def _entries() -> tuple[Entry, ...]:
    named = ((path, NAME.fullmatch(path.name)) for path in entries_of("runs"))
    return tuple(Entry(path, match["provider"], match["token"]) for path, match in named if match)


def _judged(entry: Entry) -> Entry | LeftAlone | None:
    """Return the entry if its run is over, None while it goes on."""
    what = f"the run noted in {one_line(str(entry.directory))}"
    if not TOKEN.fullmatch(entry.token):
        return LeftAlone(what, "no run has such a name; see who made it, and remove it")
    try:
        owner = parsed(_read(entry.directory).get("owner"))
    except FileNotFoundError:
        return None  # It has ended meanwhile.
    except UnreadableError:
        owner = None
    except (OSError, ProvisionError) as error:
        return LeftAlone(what, str(error))
    if owner is None:
        return _judged_without_owner(entry, what)
    judged = fate(owner)
    if judged is Fate.RUNS:
        return None
    return entry if judged is Fate.ENDED else LeftAlone(what, judged.value, in_use=True)


def _judged_without_owner(entry: Entry, what: str) -> Entry | LeftAlone | None:
    """Judge a run whose record is none: since a record is written whole, a power cut has ended that run."""
    if began_before_this_boot(entry.directory):
        return entry
    if entry.directory.name.startswith("."):
        return None  # Its run is about to write it.
    owner = _owner(entry)
    number = owner.get("pid") if isinstance(owner, dict) else None
    if type(number) is int and 0 < number <= LARGEST_PID and identity(number):
        reason = f"{entry.oddity}, and process {number} runs, which may be the run's: remove it once no run goes on"
        return LeftAlone(what, reason)
    return entry


def _owner(entry: Entry) -> object:
    try:
        return _read(entry.directory).get("owner")
    except UnreadableError:
        return None


def _read(directory: Path) -> dict[str, Any]:
    with opened(directory, REMEDY) as descriptor:
        try:
            return read_record(directory / RECORD, descriptor)
        except FileNotFoundError:
            raise UnreadableError(f"{directory / RECORD} is missing") from None


def _write(directory: Path, record: Mapping[str, Any]) -> None:
    write_private(directory / RECORD, json.dumps(record, indent=2), durable=True)
