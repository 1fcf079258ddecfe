"""From how a check's call ended to a finding."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from _pytest.outcomes import Failed

from svcproof.errors import SvcproofError
from svcproof.model.fact import Finding
from svcproof.plugin.asserts import refuted_claim
from svcproof.plugin.comparison import Comparison
from svcproof.wait import Expired, Inconclusive


class CheckHangs(Failed):
    """The check did not end in time; being no Exception, it is not taken by a check for an error of its own."""


@dataclass(frozen=True, slots=True)
class CheckEnd:
    """The end of a check, and its reason."""

    finding: Finding
    reason: str = ""


def check_end(
    error: BaseException | None, suites: Path, *, probed: bool, claimed: bool, compared: Comparison | None = None
) -> CheckEnd:
    """Classify the end of the call phase. `compared` is what an assert compared last.

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
            return CheckEnd(Finding.INCONCLUSIVE, _reason_of_control(error, compared))
        case Expired():
            return CheckEnd(Finding.REFUTED, str(error))
        case AssertionError() if _raised_below(suites, error.__traceback__):
            return CheckEnd(Finding.REFUTED, refuted_claim(error, compared))
        case SvcproofError() | CheckHangs():
            return CheckEnd(Finding.BROKE, str(error))
        case _:
            return CheckEnd(Finding.BROKE, f"{type(error).__name__}: {error}".rstrip(": "))


def _reason_of_control(error: Inconclusive, compared: Comparison | None) -> str:
    """The purpose of the control, and what was not as it must be for it."""
    cause = error.__cause__
    if not isinstance(cause, AssertionError):
        return str(error)
    return str(error).removesuffix(str(cause)) + refuted_claim(cause, compared)


def _raised_below(suites: Path, trace: TracebackType | None) -> bool:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and Path(trace.tb_frame.f_code.co_filename).is_relative_to(suites)
