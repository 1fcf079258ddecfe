"""Test files that declare behaviours, wherever they are: they have the short names, and their asserts are counted."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.assertion import rewrite

from svcproof.entry.loading import load_plugin

WORD = b"behaviour"
"""In every file that declares one, since it imports the decorator by that name."""
REPORT_ASSERTS = "enable_assertion_pass_hook"


class BehaviourModule(pytest.Module):
    """A test file that names `behaviour`."""

    def _getobj(self) -> Any:
        with asserts_reported(self.config):
            module = super()._getobj()  # type: ignore[no-untyped-call]
        if "svcproof.model.behaviour" in sys.modules and declares_behaviours(module):
            load_plugin(self.config)
            add_short_names(module, defined_in_conftest(self.config, self.path))
        return module


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a file that may declare behaviours; leave every other file to pytest."""
    if WORD not in module_path.read_bytes():
        return None
    return BehaviourModule.from_parent(parent, path=module_path)


@contextmanager
def asserts_reported(config: pytest.Config) -> Iterator[None]:
    """Have the asserts of what is imported inside reported when they hold, whatever the project's settings say.

    pytest decides it for a whole session, and keeps files that it has compiled either way under one name. A check that
    executes no assert shows nothing, so ours are compiled apart, and nobody else's differ.
    """
    ours = config.getini(REPORT_ASSERTS), rewrite.PYC_TAIL
    config._inicache[REPORT_ASSERTS], rewrite.PYC_TAIL = True, f"-svcproof{rewrite.PYC_TAIL}"  # noqa: SLF001
    try:
        yield
    finally:
        config._inicache[REPORT_ASSERTS], rewrite.PYC_TAIL = ours  # noqa: SLF001


def declares_behaviours(module: ModuleType) -> bool:
    """True if a function of the module, or of a class in it, is a behaviour."""
    from svcproof.model.behaviour import is_claimed

    things = list(vars(module).values())
    methods = [method for thing in things if isinstance(thing, type) for method in vars(thing).values()]
    return any(map(is_claimed, [*things, *methods]))


def defined_in_conftest(config: pytest.Config, path: Path) -> set[str]:
    """The names that a conftest.py for this file defines: the project's own fixtures have the last word."""
    plugins = [plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, ModuleType)]
    files = [(Path(plugin.__file__ or ""), plugin) for plugin in plugins]
    return {
        name
        for file, plugin in files
        if file.name == "conftest.py" and path.is_relative_to(file.parent)
        for name in vars(plugin)
    }


def add_short_names(module: ModuleType, taken: set[str]) -> None:
    """Do for one file what `from svcproof.plugin.fixtures import *` does; names that it has itself stay its own."""
    # Not as an attribute of the package: that may be of another pytest, which has ended in this process.
    fixtures = import_module("svcproof.plugin.fixtures")
    for name in fixtures.__all__:
        if name not in taken:
            vars(module).setdefault(name, getattr(fixtures, name))
