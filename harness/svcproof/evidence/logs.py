"""Logs with the time of each line, cut to the time of a check."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from svcproof.evidence.times import stamp
from svcproof.model.evidence import Log, LogLine

STAMPED = re.compile(r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(Z|[+-]\d\d:\d\d)? ?")


def since(log: Log, moment: float) -> Log:
    """The lines printed at this time or later."""
    return replace(log, lines=tuple(line for line in log.lines if line[0] >= moment))


def last(log: Log, count: int) -> Log:
    """The last so many lines."""
    return replace(log, lines=log.lines[-count:])


def text(log: Log) -> str:
    """The lines, each after its time."""
    return "".join(f"{stamp(at)} {line}\n" for at, line in log.lines)


def stamped(text: str, before: float = 0.0) -> Iterator[LogLine]:
    """Yield the lines of a log whose lines begin with a time, each without it; others have the time of the last one.

    `before` is the time of those before the first that has one. A time without a zone is of this machine's.
    """
    at = before
    for line in text.splitlines():
        if match := STAMPED.match(line):
            at = _seconds(*match.groups())
            line = line[match.end() :]
        yield at, line


def _seconds(text: str, zone: str | None) -> float:
    whole, _, fraction = text.replace(",", ".").partition(".")
    moment = datetime.fromisoformat(whole + ("+00:00" if zone == "Z" else zone or ""))
    return moment.timestamp() + (float(f"0.{fraction}") if fraction else 0.0)
