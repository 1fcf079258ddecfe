"""The record of one combination, `combination.json` beside its run file: what its run was made of, and how it ended."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from svcproof.combinations.ingredients import Ingredients
from svcproof.disk import UnreadableError, read_json, write_or_raise
from svcproof.errors import UsageError
from svcproof.model.run import COMPLETED, Run
from svcproof.report import runfile

NAME = "combination.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The end of a combination's run. `reason` says why it could not be had; empty: the run is complete."""

    id: str
    ingredients: Ingredients
    code: int
    """The exit code of the run."""
    seconds: float
    digest: str = ""
    """The run's, where it has a run file."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The results of a combination on disk: its record, and its run where it has a run file.

    `damage` says what is wrong with them.
    """

    record: Record | None = None
    run: Run | None = None
    damage: str = ""


RECORD = TypeAdapter(Record)


def write(directory: Path, record: Record) -> None:
    """Write the record into the directory of its run; raises ProvisionError where that fails."""
    remedy = "make room there, or choose another --results, and run again"
    write_or_raise(directory / NAME, json.dumps(asdict(record), indent=2) + "\n", remedy)


def kept(directory: Path) -> Kept:
    """Read what is in the directory of a combination; a run that was cut has no record."""
    if not directory.exists():
        return Kept()
    try:
        record = RECORD.validate_python(read_json(directory / NAME))
    except FileNotFoundError:
        return Kept(damage="its run was cut")
    except (UnreadableError, ValidationError):
        return Kept(damage=f"its {NAME} cannot be read")
    if not record.digest:
        return Kept(record=record)
    try:
        run = runfile.load(directory)
    except UsageError as error:
        return Kept(damage=f"its run file is not as it was written: {error}")
    if run.digest != record.digest:
        return Kept(damage="its run file is another run's")
    return Kept(record=record, run=run)


def concluded(
    combination: str, ingredients: Ingredients, directory: Path, code: int, seconds: float, last_words: str
) -> Record:
    """Make the record of a run that has ended; `last_words` are its own, for where it left no run file."""
    try:
        run = runfile.load(directory)
    except UsageError:
        run = None
    if run is None:
        reason = last_words or f"svcproof run ended with exit code {code} and said nothing"
    elif run.finished is None or run.why != COMPLETED:
        reason = run.why
    else:
        reason = "" if run.behaviours else "no behaviour was selected"
    return Record(
        id=combination,
        ingredients=ingredients,
        code=code,
        seconds=round(seconds, 1),
        digest=run.digest if run else "",
        reason=reason,
    )
