"""The pytest plugin as other projects have it: what every session loads that has svcproof installed.

The plugin proper is loaded by an option of ours, a file that declares a behaviour, or a test that asks for the cluster.
"""

from typing import Any

import pytest

from svcproof.entry.loading import load_plugin

pytest_plugins = ("svcproof.entry.modules", "svcproof.entry.fixtures")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Have options of ours declared where one is given, or all are to be listed."""
    if any(word in ("-h", "--help") or word.startswith("--svcproof-") for word in args):
        load_plugin(early_config)


def pytest_configure(config: pytest.Config) -> None:
    """Load the plugin where other processes collect: this one hears of behaviours only from them."""
    option: Any = config.option
    if getattr(option, "dist", "no") != "no" and not hasattr(config, "workerinput"):
        load_plugin(config)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Return the status of a check whose verdict pytest has no word for; a project's own conftest.py is asked first."""
    status: tuple[str, str, str] | None = getattr(report, "svcproof_status", None)
    return status
