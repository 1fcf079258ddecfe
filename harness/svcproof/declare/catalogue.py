"""Every behaviour that the suites declare, read without pytest and without a cluster."""

import ast
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from svcproof.errors import UsageError
from svcproof.model.behaviour import Behaviour, claimed

PACKAGE = "_svcproof_catalogue"
"""The package's name while it is read: one that no project, and no pytest in this process, has for its own."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A behaviour, and where it is declared."""

    behaviour: Behaviour
    file: str
    line: int

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def catalogue(suites: Path) -> tuple[Behaviour, ...]:
    """Return the behaviours of the checks below `suites`, sorted by area and id; may raise UsageError."""
    return tuple(declaration.behaviour for declaration in declared(suites))


def declared(suites: Path) -> tuple[Declared, ...]:
    """Return the behaviours of the checks below `suites` with their places, sorted by area and id.

    Raises UsageError where a file of checks cannot be imported, a behaviour is defined twice or has no requirement.
    """
    files = sorted(suites.glob("*/test_*.py"))
    declarations: list[Declared] = []
    problems: list[str] = []
    with _importable(suites):
        for path in files:
            try:
                declarations += _behaviours(path)
            except UsageError as error:
                problems += error.problems
    problems += [*_shadowed(files), *_twice(declarations), *_mute(declarations)]
    if problems:
        raise UsageError(problems)
    return tuple(sorted(declarations, key=lambda declaration: (declaration.behaviour.area, declaration.behaviour.id)))


@contextmanager
def _importable(suites: Path) -> Iterator[None]:
    """Make `suites` importable under a name of ours for a while: its files import each other by relative names."""
    init = suites / "__init__.py"
    spec = importlib.util.spec_from_file_location(PACKAGE, init, submodule_search_locations=[str(suites)])
    if spec is None:
        raise UsageError(f"{suites} is no folder of suites")
    sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def _behaviours(path: Path) -> Iterator[Declared]:
    try:
        module = importlib.import_module(f"{PACKAGE}.{path.parent.name}.{path.stem}")
    except Exception as error:
        raise UsageError(f"{path}: cannot be imported: {type(error).__name__}: {error}") from error
    for name, function in vars(module).items():
        if not name.startswith("test_") or getattr(function, "__module__", "") != module.__name__:
            continue
        if behaviour := claimed(function, path.parent.name):
            yield Declared(behaviour, str(path), inspect.unwrap(function).__code__.co_firstlineno)


def _shadowed(files: list[Path]) -> Iterator[str]:
    """A function defined again in the same file hides the first one, also from whoever imports the file."""
    for path in files:
        lines: dict[str, int] = {}
        for node in _statements(path):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                if node.name in lines:
                    yield _defined_twice(node.name, f"{path}:{lines[node.name]}", f"{path}:{node.lineno}")
                lines[node.name] = node.lineno


def _statements(path: Path) -> list[ast.stmt]:
    try:
        return ast.parse(path.read_bytes()).body
    except SyntaxError:
        return []  # Importing it has said so already.


def _twice(declarations: list[Declared]) -> Iterator[str]:
    places: dict[str, str] = {}
    for declaration in declarations:
        if declaration.behaviour.id in places:
            yield _defined_twice(declaration.behaviour.id, places[declaration.behaviour.id], declaration.place)
        places[declaration.behaviour.id] = declaration.place


def _defined_twice(name: str, first: str, second: str) -> str:
    return f"behaviour {name.removeprefix('test_')!r} is defined twice: {first} and {second}"


def _mute(declarations: list[Declared]) -> Iterator[str]:
    for declaration in declarations:
        if not declaration.behaviour.requirement:
            name = declaration.behaviour.id
            yield f"{declaration.place}: behaviour {name!r} has no docstring to state its requirement"
