"""Loading the plugin proper, under the name `harness`: unless that is the project's own package."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from svcproof_pytest.shadow import explained, imported_instead, is_imported, is_ours

PLUGIN = "harness.plugin"


def load_plugin(config: pytest.Config, *, unless_shadowed: bool = False) -> None:
    """Register the plugin with pytest, once; raises UsageError where another package has the name `harness`."""
    if other := shadowing(config):
        if unless_shadowed:
            return
        raise pytest.UsageError(explained(other))
    plugin = import_module(PLUGIN)
    if not config.pluginmanager.is_registered(plugin):
        config.pluginmanager.register(plugin, PLUGIN)


def shadowing(config: pytest.Config) -> Path | None:
    """The project's package or module called `harness`; None where the name is ours.

    Before anything of that name is imported, that is also one which pytest is about to put on Python's path.
    """
    if "harness" in sys.modules:
        return None if is_imported() else imported_instead()
    folders = sorted({config.rootpath, config.invocation_params.dir})
    places = [
        folder / inner / name
        for folder in folders
        for inner in ("", "src", "tests")
        for name in ("harness/__init__.py", "harness.py")
    ]
    own = (place for place in places if place.is_file() and not is_ours(place.parent))
    return imported_instead() or next(own, None)
