"""From how a check's call ended to a finding."""

import re
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from svcproof.errors import SvcproofError
from svcproof.model.fact import Finding
from svcproof.wait import Expired, Inconclusive

OPTIONS = re.compile(r",? ?\buse '?-v+'? to (show|get more diff)$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CheckEnd:
    """The end of a check, and its reason."""

    finding: Finding
    reason: str = ""


def check_end(error: BaseException | None, suites: Path, *, probed: bool, claimed: bool) -> CheckEnd:
    """Classify the end of the call phase.

    Only two things refute: an expired `eventually`/`consistently`, and an assert written in a file below `suites`.
    An AssertionError from anywhere else, and any other exception, broke.
    """
    match error:
        case None if not probed:
            return CheckEnd(Finding.BROKE, "the check made no probe, so it shows nothing")
        case None if not claimed:
            return CheckEnd(Finding.BROKE, "the check claimed nothing outside of its controls, so it shows nothing")
        case None:
            return CheckEnd(Finding.CONFIRMED)
        case Inconclusive():
            return CheckEnd(Finding.INCONCLUSIVE, _in_words(error))
        case Expired():
            return CheckEnd(Finding.REFUTED, str(error))
        case AssertionError() if _raised_below(suites, error.__traceback__):
            return CheckEnd(Finding.REFUTED, _in_words(error).partition("\nassert ")[0] or "an assertion failed")
        case SvcproofError():
            return CheckEnd(Finding.BROKE, str(error))
        case _:
            return CheckEnd(Finding.BROKE, f"{type(error).__name__}: {_in_words(error)}")


def _in_words(error: BaseException) -> str:
    """The message, without the options of pytest that would show more: a run has no such options."""
    return OPTIONS.sub("", str(error)).rstrip()


def _raised_below(suites: Path, trace: TracebackType | None) -> bool:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and Path(trace.tb_frame.f_code.co_filename).is_relative_to(suites)
