"""The place of observations, so that each fact has its evidence."""

from typing import Protocol


class Recorder(Protocol):
    """Keeps a printable line for every probe and every DNS query that was made."""

    def record(self, line: str) -> None:
        """Keep one line."""
