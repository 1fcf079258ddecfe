"""Times as the API writes them."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present."""
    return datetime.now(UTC)


def rfc3339(time: datetime) -> str:
    """As metav1.Time: whole seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_nano(time: datetime) -> str:
    """As container logs have it."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
