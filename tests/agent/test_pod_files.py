import ast
import sys
from pathlib import Path

import pytest

import svcproof.agent

FILES = sorted((Path(svcproof.agent.__file__).parent / "pod").glob("*.py"))
OWN = {path.stem for path in FILES}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_pod_needs_nothing_but_an_old_python(path):
    tree = ast.parse(path.read_text(), feature_version=(3, 9))

    roots = {name.partition(".")[0] for name in imported(tree)}
    assert roots <= sys.stdlib_module_names | OWN


def test_no_file_hides_one_of_the_standard_library():
    assert not (OWN - {"__main__"}) & sys.stdlib_module_names
