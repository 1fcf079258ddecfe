"""The status that a check has in pytest, among tests that are no behaviours: it follows from the check's verdict.

| verdict | pytest says | the report's outcome |
|---|---|---|
| pass | passed | passed |
| weak, recorded | weak, recorded | passed |
| fail | failed | failed |
| error, blocked | error | failed |
| untestable | skipped | skipped |
| deviates, unsupported | xfailed | skipped, as an expected failure |

Beside a baseline, what it lists is xfailed where it fails as listed, and failed where it does not, or has expired.

So what else counts reports, such as -x, --lf, --junitxml and other plugins, agrees with the verdicts.
"""

import pytest

from svcproof.exit_code import ExitCode
from svcproof.model.baseline import FAILING, Comparison, Standing
from svcproof.model.verdict import Ruling, Verdict
from svcproof.report.baseline import sentence

RULING = "svcproof_ruling"
"""An attribute of every report of a check: the ruling, in that of its call."""
STATUS = "svcproof_status"
"""An attribute of the report of a call whose verdict pytest has no word for."""
RERUN = "rerun"
"""The outcome that pytest-rerunfailures gives a report whose test it makes again; nothing counts it as failed."""
TRIED_AGAIN = ("tried again", "a", "TRIED AGAIN")
"""The status of a check that is tried once more at the end, since the machine was starved."""
HOLDING = (Ruling.PASS, Ruling.WEAK, Ruling.RECORDED)
EXCUSED = (Ruling.DEVIATES, Ruling.UNSUPPORTED)
WORDS = {
    Ruling.WEAK: ("weak", "w", "WEAK"),
    Ruling.RECORDED: ("recorded", "r", "RECORDED"),
    Ruling.ERROR: ("error", "E", "ERROR"),
    Ruling.BLOCKED: ("error", "E", "ERROR"),
}
"""Category, letter and word of a report, where the outcome has others: `svcproof.entry` tells pytest."""


def is_of_behaviour(report: pytest.TestReport) -> bool:
    """True for a report of a check, false for one of any other test."""
    return hasattr(report, RULING)


def mark(report: pytest.TestReport, verdict: Verdict | None, listed: Comparison | None = None) -> None:
    """Mark the report as one of a check; the one of its call gets the outcome that follows from the verdict.

    `listed` is the verdict beside the baseline, where that has an entry for it.
    """
    setattr(report, RULING, str(verdict.ruling) if verdict else "")
    if verdict is None or report.when != "call":
        return
    if verdict.ruling in WORDS:
        setattr(report, STATUS, WORDS[verdict.ruling])
    vars(report).pop("wasxfail", None)  # A proxy's deviations are in its declaration, not in a mark.
    if listed and listed.standing is Standing.EXPECTED:
        report.outcome = "skipped"
        report.wasxfail = sentence(listed)
    elif listed and listed.standing in FAILING:
        report.outcome = "failed"
        report.longrepr = sentence(listed)
    elif verdict.ruling in HOLDING:
        report.outcome = "passed"
    elif verdict.ruling in EXCUSED:
        report.outcome = "skipped"
        report.wasxfail = verdict.reason
    elif verdict.ruling is Ruling.UNTESTABLE:
        report.outcome = "skipped"
    else:
        report.outcome = "failed"
        report.longrepr = report.longrepr or verdict.reason


def postpone(report: pytest.TestReport) -> None:
    """Leave it to the second try of a check what the check counts for."""
    setattr(report, STATUS, TRIED_AGAIN)
    report.outcome = RERUN  # type: ignore[assignment]


def worse(pytests: int, ours: int, *, others_failed: bool) -> int:
    """The exit code of a session: the worse of pytest's for other tests and svcproof's for the behaviours.

    `pytests` is pytest's for both; `others_failed` says whether any other test did.
    """
    decided = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    if pytests not in (*decided, pytest.ExitCode.INTERNAL_ERROR):
        return pytests
    if ours in (ExitCode.INTERRUPTED, ExitCode.USAGE):
        return ours
    return pytest.ExitCode.TESTS_FAILED if others_failed else ours
