"""Loading the plugin proper, which a session of somebody else's tests may never need."""

from importlib import import_module

import pytest

PLUGIN = "svcproof.plugin"


def load_plugin(config: pytest.Config) -> None:
    """Register the plugin with pytest, once."""
    plugin = import_module(PLUGIN)
    if not config.pluginmanager.is_registered(plugin):
        config.pluginmanager.register(plugin, PLUGIN)
