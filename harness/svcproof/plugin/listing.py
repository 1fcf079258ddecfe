"""`python -m svcproof.plugin.listing SUITE...`: print the behaviours that pytest collects there, as JSON."""

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest

from svcproof.declare.catalogue import Declared
from svcproof.plugin.collection import BEHAVIOUR, place_of
from svcproof.plugin.ending import internal_error
from svcproof.plugin.own_suites import LISTED, forget_others_settings, pytest_arguments


class Listing:
    """Keeps what was collected."""

    def __init__(self) -> None:
        self.declared: tuple[Declared, ...] = ()
        self.problems: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note in a line why a file could not be collected."""
        if report.failed:
            lines = report.longreprtext.strip().splitlines() or ["it cannot be collected"]
            errors = [line.removeprefix("E").strip() for line in lines if line.startswith("E ")]
            self.problems.append(f"{report.nodeid}: {(errors or lines)[-1]}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note in a line what broke."""
        self.problems.append(internal_error(excinfo.value))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Take each behaviour with its place."""
        items = [item for item in session.items if BEHAVIOUR in item.stash]
        self.declared = tuple(Declared(item.stash[BEHAVIOUR], *place_of(item)) for item in items)


def main() -> int:
    """Collect; problems go to standard error, a line each."""
    forget_others_settings()
    listing = Listing()
    with redirect_stdout(StringIO()):
        code = pytest.main(["--collect-only", "--tb=short", *pytest_arguments(sys.argv[1:])], plugins=[listing])
    sys.stderr.writelines(f"{problem}\n" for problem in listing.problems)
    sys.stdout.write(LISTED.dump_json(listing.declared).decode())
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
