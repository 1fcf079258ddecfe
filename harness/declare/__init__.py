"""Declarations: YAML files made into frozen values, with every mistake in them told at once."""

from harness.declare.lookup import cluster, pair, proxy, schema
from harness.declare.overlay import overlaid
from harness.declare.places import fixtures_dir, names, suites_dir

__all__ = ["cluster", "fixtures_dir", "names", "overlaid", "pair", "proxy", "schema", "suites_dir"]
