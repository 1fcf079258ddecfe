"""Worlds that were found by a search: each file beside this one is a scenario, and a behaviour."""

from pathlib import Path

from svcproof import scenario_checks

globals().update(scenario_checks(Path(__file__).parent, __name__))
