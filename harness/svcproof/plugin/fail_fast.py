"""`--fail-fast`: the end of a run in which enough MUSTs have failed."""

import pytest

from svcproof.exit_code import ExitCode
from svcproof.model.baseline import is_expected
from svcproof.model.verdict import Verdict
from svcproof.plugin.ending import EarlyEnd, stop
from svcproof.plugin.options import wanted


class FailFast:
    """Counts the behaviours for which the run will exit with 1 and ends it at the number that --fail-fast says.

    A SHOULD that fails, an error, what the baseline lists, and what the proxy documents or does not claim do not count;
    of a behaviour that is made several times, the first failure does.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._failed: set[str] = set()

    def count(self, verdict: Verdict) -> None:
        """Count the behaviour if its verdict fails the run, and end the run if it is the last one wanted."""
        asked = wanted(self._config)
        if verdict.fails_the_run and not is_expected(verdict, asked.baseline, asked.day):
            self._failed.add(verdict.behaviour.id)
        limit = asked.fail_fast
        if limit and len(self._failed) >= limit:
            failed = "1 MUST" if limit == 1 else f"{limit} MUSTs"
            stop(self._config, EarlyEnd(f"stopped by --fail-fast after {failed} failed", ExitCode.FAILED))
