"""Refusals of the API server, as values to make claims about."""

from collections.abc import Callable

from svcproof.errors import Rejected


def refusal(attempt: Callable[[], object]) -> Rejected | None:
    """Make an attempt and return the API server's refusal, or None where it went through."""
    try:
        attempt()
    except Rejected as refused:
        return refused
    return None
