"""Taking away what was made and putting back what was there: every step is tried, whatever becomes of the others."""

from collections.abc import Callable, Iterable

from svcproof.errors import ProvisionError, SvcproofError
from svcproof.model.cluster import Progress

Step = tuple[str, Callable[[], object]]
"""What is done, in words, and what does it."""
REMEDY = "Once the reason is gone, this puts it back: svcproof clean"


def undo(steps: Iterable[Step], progress: Progress) -> None:
    """Take all steps in their order; raises ProvisionError with those that failed, and what to do about it."""
    troubles: list[str] = []
    for words, step in steps:
        progress(words)
        try:
            step()
        except SvcproofError as trouble:
            troubles.append(f"{words}: {str(trouble).removesuffix(REMEDY).rstrip()}")
    if troubles:
        raise ProvisionError("\n".join(("not everything could be put back:", *troubles, REMEDY)))
