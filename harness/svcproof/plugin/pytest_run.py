"""pytest as `svcproof run` has it run: its own reporter is silent, and its errors are told in our words."""

import os
import re
import sys
import traceback
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from svcproof.exit_code import ExitCode
from svcproof.plugin.own_suites import forget_others_settings, pytest_arguments
from svcproof.printable import printable

BROKEN = "svcproof itself broke, or a conftest.py; this says nothing about the proxy:"
PYTESTS_FRAMES = re.compile(r'  File "[^"\n]*/(?:pluggy|_pytest|xdist)/.*\n(?:    .*\n)*')


def run_pytest(options: Sequence[str], suites: Sequence[str] = (), *plugins: object) -> int:
    """Run pytest on these suites with these options and nobody else's: ini, conftest, environment or plugins."""
    forget_others_settings()
    return int(pytest.main(["--no-summary", *options, *pytest_arguments(suites)], plugins=[OwnWords(), *plugins]))


class OwnWords:
    """A pytest plugin that leaves the terminal to svcproof, and ends the run where a file cannot be collected."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Put a reporter in the place of pytest's that prints nowhere: the results say all of it."""
        nowhere = Path(os.devnull).open("w")  # noqa: SIM115 - it is closed with the session
        config.add_cleanup(nowhere.close)
        config.pluginmanager.unregister(name="terminalreporter")
        config.pluginmanager.register(pytest.TerminalReporter(config, nowhere), "terminalreporter")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_cmdline_main(self) -> Generator[None, object, object]:
        """Print what is wrong with the usage as the command line does."""
        try:
            return (yield)
        except pytest.UsageError as error:
            _tell("Error: " + "\n".join(map(str, error.args)))
            return ExitCode.USAGE

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Refuse the file, with pytest's reason."""
        if report.failed:
            raise pytest.UsageError(f"cannot collect {report.nodeid}:\n{report.longreprtext}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Print the error with its traceback, for whoever mends it."""
        text = "".join(traceback.format_exception(excinfo.value)).rstrip()
        _tell(f"Error: {BROKEN}\n{PYTESTS_FRAMES.sub('', text)}")
        return True


def _tell(text: str) -> None:
    sys.stderr.write(f"{printable(text)}\n")
