"""The errors of svcproof, by whose fault they are.

    SvcproofError
    ├── UsageError       the user's words or declarations are wrong          exit 4
    ├── ProvisionError   a cluster, a proxy or a workload did not come up    exit 3
    └── ProbeError       a probe could not be made, or not be read           exit 3

None of them speaks against the proxy under test: only a claim refuted in `suites/` does.
A message says what was attempted, on what, what was last seen, and what to do about it.
"""

from collections.abc import Sequence


class SvcproofError(Exception):
    """Something other than the proxy under test is at fault."""

    exit_code = 3


class UsageError(SvcproofError):
    """The command line or a declaration is wrong; nothing was created.

    `problems` lists every mistake found, one line each.
    """

    exit_code = 4

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class ProvisionError(SvcproofError):
    """A cluster, a proxy or a workload did not become ready."""


class ProbeError(SvcproofError):
    """A probe could not be made or its answer not be read: nothing was observed."""
