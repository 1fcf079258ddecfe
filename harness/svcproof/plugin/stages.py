"""The stages of a run that a session has no use for until it has a behaviour or a cluster.

They take over signals, the terminal's progress and each check's report. Until they are loaded, the plugin does nothing.
"""

from importlib import import_module

import pytest

STAGES = ("ending", "leftovers", "cluster_end", "turns", "gate", "recording", "controller")


def load_stages(config: pytest.Config) -> None:
    """Load the stages, once; pytest then configures each as if it had been there from the start."""
    for name in (f"svcproof.plugin.{stage}" for stage in STAGES):
        if not config.pluginmanager.has_plugin(name):
            config.pluginmanager.register(import_module(name), name)
