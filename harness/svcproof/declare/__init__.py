"""Declarations: YAML files made into frozen values, with every mistake in them told at once."""

from svcproof.declare.lookup import cluster, names_file, pair, proxy, schema
from svcproof.declare.matrices import DeclaredMatrix, Selection, matrix, matrix_file
from svcproof.declare.overlay import overlaid
from svcproof.declare.places import fixtures_dir, names, suites_dir

__all__ = [
    "DeclaredMatrix",
    "Selection",
    "cluster",
    "fixtures_dir",
    "matrix",
    "matrix_file",
    "names",
    "names_file",
    "overlaid",
    "pair",
    "proxy",
    "schema",
    "suites_dir",
]
