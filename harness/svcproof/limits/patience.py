"""The patience of a run: read from the words of a command line, and in force for as long as the run goes on."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from svcproof.errors import UsageError, near
from svcproof.limits.judged import Judged
from svcproof.limits.limit import PATIENCE, Limit, Patience
from svcproof.limits.provision import Provision
from svcproof.limits.request import Request

LEAST, MOST = 1.0, 100.0
"""Less than the usual would call sound proxies broken; more than a hundredfold is a typing error."""


def all_limits() -> dict[str, Limit]:
    """All limits, by the names that --patience knows."""
    return {limit.called: limit for kind in (Judged, Provision, Request) for limit in kind}


def read(words: Sequence[str]) -> Patience:
    """Read `2` for all limits, or `slices-written=3` for one; raises UsageError with every mistake."""
    factor, named, problems = 1.0, {}, []
    known = all_limits()
    for word in words:
        name, is_named, number = word.rpartition("=")
        value = _factor(number)
        if is_named and name not in known:
            problems.append(f"--patience {word}: there is no limit {name!r}{near(name, known)}; see svcproof limits")
        elif value is None:
            what = f"a factor is a number from {LEAST:g} to {MOST:g}, not {number!r}"
            problems.append(f"--patience {word}: {what}")
        elif is_named:
            named[name] = value
        else:
            factor = value
    if problems:
        raise UsageError(problems)
    return Patience(factor, named)


def _factor(number: str) -> float | None:
    try:
        value = float(number)
    except ValueError:
        return None
    return value if LEAST <= value <= MOST else None


@contextmanager
def patience(allowed: Patience) -> Iterator[None]:
    """Stretch every limit inside by this patience."""
    token = PATIENCE.set(allowed)
    try:
        yield
    finally:
        PATIENCE.reset(token)
