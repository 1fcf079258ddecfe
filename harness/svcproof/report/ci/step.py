"""A run handed over to a step of a workflow on GitHub: its summary, its outputs and its annotations."""

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from svcproof.errors import ProvisionError, UsageError
from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.report import pull_request, runfile
from svcproof.report.ci.annotations import annotations
from svcproof.report.ci.workflow import LARGEST_SUMMARY, assignments
from svcproof.report.outcome import outcome

SUMMARY, OUTPUT = "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"


def refuse_elsewhere(environment: Mapping[str, str]) -> None:
    """Raise UsageError where no runner of GitHub runs this."""
    if missing := [name for name in (SUMMARY, OUTPUT) if not environment.get(name)]:
        raise UsageError(f"--github is for a step of a workflow on GitHub, and {' and '.join(missing)} is not set here")


def outputs(run: Run, verdicts: Sequence[Verdict], directory: Path) -> dict[str, str]:
    """The outputs of the step by their names: the verdict in a word, numbers, and the place of the run file."""
    numbers = outcome(run, verdicts)
    return {
        "verdict": str(numbers.word),
        "failed": str(numbers.failed),
        "shown": str(numbers.shown),
        "core": str(numbers.core),
        "run-file": str(directory.absolute() / runfile.NAME),
    }


def hand_over(run: Run, verdicts: Sequence[Verdict], directory: Path, environment: Mapping[str, str]) -> list[str]:
    """Append to the files that the runner has named, and return the commands to print. Raises ProvisionError."""
    _append(Path(environment[OUTPUT]), assignments(outputs(run, verdicts, directory), secrets.token_hex(16)))
    summary = Path(environment[SUMMARY])
    text = pull_request.content(run, verdicts).decode()
    commands = [annotation.command for annotation in annotations(run, verdicts)]
    if _size(summary) + len(text.encode()) > LARGEST_SUMMARY:
        return [*commands, "::notice::The summary of this step has no room for the report, which is in report.md."]
    _append(summary, text)
    return commands


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(path: Path, text: str) -> None:
    try:
        with path.open("ab") as file:
            file.write(text.encode(errors="surrogateescape"))
    except OSError as error:
        raise ProvisionError(f"cannot hand the run over to the job: {path}: {error.strerror}") from error
