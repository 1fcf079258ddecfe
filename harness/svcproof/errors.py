"""The errors of svcproof, by whose fault they are.

    SvcproofError
    ├── UsageError       the user's words or declarations are wrong          exit 4
    ├── ProvisionError   a cluster, a proxy or a workload did not come up    exit 3
    ├── LeftBehind       something that was made could not be removed        exit 3
    └── ProbeError       a probe could not be made, or not be read           exit 3
        └── Rejected     the API server refused a request: NotFound, Conflict, ...

None of them speaks against the proxy under test: only a claim refuted in `suites/` does.
A message says what was attempted, on what, what was last seen, and what to do about it.
"""

import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from svcproof.exit_code import ExitCode


class SvcproofError(Exception):
    """Something other than the proxy under test is at fault."""

    exit_code = ExitCode.UNDECIDED


class UsageError(SvcproofError):
    """The command line or a declaration is wrong; nothing was created.

    `problems` lists every mistake found, one line each.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class ProvisionError(SvcproofError):
    """A cluster, a proxy or a workload did not become ready.

    `texts` tell more, by a title such as `log of the proxy on node-a`: they are kept as evidence of the run.
    """

    texts: Mapping[str, str] = MappingProxyType({})


class LeftBehind(SvcproofError):
    """A directory could not be removed whole; `left` says of each file why not, in words."""

    def __init__(self, directory: Path, remnants: Iterable[object]) -> None:
        reasons = "\n".join(f"  {remnant}" for remnant in remnants)
        super().__init__(f"could not remove all of {directory}:\n{reasons}\nthen: rm -rf {shlex.quote(str(directory))}")


class ProbeError(SvcproofError):
    """A probe could not be made or its answer not be read: nothing was observed."""


class Unavailable(SvcproofError):
    """Something that a check asked for cannot be had here: it is untestable."""


class Rejected(ProbeError):
    """The API server refused a request: `code` is the HTTP status (4xx), `message` what it says is wrong.

    Where a check claims that a request is refused, it expects this.
    """

    def __init__(self, text: str, *, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(text)

    @property
    def forbidden(self) -> bool:
        """True if the account lacks the permission (403)."""
        return self.code == 403


class NotFound(Rejected):
    """There is no such object (404)."""


class Conflict(Rejected):
    """The object exists already, or is not what the request took it for (409)."""


def refusal(attempt: Callable[[], object]) -> Rejected | None:
    """Make an attempt and return the API server's refusal, or None where it went through."""
    try:
        attempt()
    except Rejected as refused:
        return refused
    return None


@contextmanager
def gathered(problems: list[str]) -> Iterator[None]:
    """Add the problems of a UsageError to the others, to tell all of them at once."""
    try:
        yield
    except UsageError as error:
        problems += error.problems


def leaves(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors that a group is of; one that is no group, itself."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from leaves(inner)
    else:
        yield error


def near(word: str, known: Iterable[str]) -> str:
    """Return ` (did you mean ...?)` with the names close to `word`, or the few there are, or nothing."""
    known = sorted(known)
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return f" (did you mean {' or '.join(close)}?)"
    return f" (there is: {', '.join(known)})" if 0 < len(known) <= 12 else ""
