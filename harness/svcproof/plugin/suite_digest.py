"""The digest of a suite: which behaviours a run selects, and the code that shows them."""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from importlib.machinery import PathFinder
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

import svcproof
from svcproof.declare.places import suites_dir
from svcproof.plugin.collection import BEHAVIOUR

SELECTION = pytest.StashKey[tuple[pytest.Item, ...]]()
"""The checks that are selected, those of all shards."""


def suite_digest(config: pytest.Config) -> str:
    """The SHA-256 of the ids of what is selected and of the source files that hold it, in hex.

    With a file come the conftest.py files above it and the modules of the suite that any of these import. Names of
    files and the order of behaviours do not matter: the digest is the same in another directory, and for each shard.
    """
    checks = config.stash.get(SELECTION, ())
    ids = {item.stash[BEHAVIOUR].id for item in checks}
    contents = {sha256(file.read_bytes()).hexdigest() for file in _files(config, checks)}
    return sha256("\n".join([*sorted(ids), "", *sorted(contents)]).encode()).hexdigest()


class _Source(NamedTuple):
    """A source file, and the package from which its relative imports lead."""

    file: Path
    package: str


def _files(config: pytest.Config, checks: Sequence[pytest.Item]) -> frozenset[Path]:
    files = set[Path]()
    modules = (*_modules(checks), *_conftests(config, checks))
    sources = [source for module in modules if (source := _source(module))]
    while sources:
        source = sources.pop()
        if source.file not in files and _is_of_a_suite(source.file, config):
            files.add(source.file)
            sources += filter(None, map(_found, _imported_names(source)))
    return frozenset(files)


def _modules(checks: Iterable[pytest.Item]) -> Iterator[ModuleType]:
    return (item.module for item in checks if isinstance(item, pytest.Function))


def _conftests(config: pytest.Config, checks: Sequence[pytest.Item]) -> Iterator[ModuleType]:
    folders = {folder for item in checks for folder in item.path.parents}
    for plugin in config.pluginmanager.get_plugins():
        source = _source(plugin) if isinstance(plugin, ModuleType) else None
        if source is not None and source.file.name == "conftest.py" and source.file.parent in folders:
            yield plugin


def _source(module: ModuleType) -> _Source | None:
    name = getattr(module, "__file__", None)
    return _Source(Path(name).resolve(), module.__package__ or "") if name and name.endswith(".py") else None


def _is_of_a_suite(file: Path, config: pytest.Config) -> bool:
    """True of the code of a suite: neither of svcproof itself, nor of what is installed beside it."""
    if file.is_relative_to(suites_dir()):
        return True
    is_ours = any(file.is_relative_to(Path(place).resolve()) for place in svcproof.__path__)
    return file.is_relative_to(config.rootpath) and not is_ours and "site-packages" not in file.parts


def _imported_names(source: _Source) -> Iterator[str]:
    """The modules that a source file may import, wherever in it: `from a import b` may mean a module b."""
    for node in ast.walk(ast.parse(source.file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (source.package or not node.level):
            dotted = "." * node.level + (node.module or "")
            name = resolve_name(dotted, source.package) if node.level else dotted
            yield from (name, *(f"{name}.{alias.name}" for alias in node.names))


def _found(name: str) -> _Source | None:
    """The source of a module, imported already or, as by a function of a check, only later."""
    if name in sys.modules:
        return _source(sys.modules[name])
    parent = name.rpartition(".")[0]
    path = getattr(sys.modules.get(parent), "__path__", None)
    spec = PathFinder.find_spec(name, path) if path or not parent else None
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    return _Source(Path(spec.origin).resolve(), name if spec.submodule_search_locations else parent)
