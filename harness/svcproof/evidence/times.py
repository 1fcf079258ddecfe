"""Times as evidence shows them: UTC, to the millisecond."""

from datetime import UTC, datetime


def stamp(seconds: float) -> str:
    """A time of the wall clock in ISO 8601."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def clock(seconds: float) -> str:
    """The time of day of it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S.%f")[:-3]
