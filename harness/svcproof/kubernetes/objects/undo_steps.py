"""Steps that take away what was made and put back what was there: each is tried, whatever becomes of the others."""

from collections.abc import Callable, Iterable

from svcproof.errors import ProvisionError, SvcproofError
from svcproof.model.cluster import Progress

Step = tuple[str, Callable[[], object]]
"""A description, and the function that takes the step."""
REMEDY = "Once the reason is gone, this puts it back: svcproof clean"


def undo_all(steps: Iterable[Step], progress: Progress) -> None:
    """Take all steps in their order; raises ProvisionError with those that failed, and what to do about it."""
    failures: list[str] = []
    for description, take in steps:
        progress(description)
        try:
            take()
        except SvcproofError as error:
            failures.append(f"{description}: {str(error).removesuffix(REMEDY).rstrip()}")
    if failures:
        raise ProvisionError("\n".join(("not everything could be put back:", *failures, REMEDY)))
