"""Suites of the user's own: files or folders with behaviours, beside the built-in suites or in their place."""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from svcproof.commands import Command
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import Declared, declared
from svcproof.declare.places import BUILTIN
from svcproof.errors import UsageError
from svcproof.limits import Provision
from svcproof.model.behaviour import Behaviour
from svcproof.plugin.collection import ROOT_MARKERS

LISTED = TypeAdapter(tuple[Declared, ...])
OTHERS_SETTINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")


def chosen(suites: Sequence[str]) -> tuple[Behaviour, ...]:
    """The behaviours of these suites, of the built-in ones where none is named, sorted by area and id.

    Raises UsageError with every mistake: a path that does not exist, a suite without a behaviour, an id defined twice.
    """
    builtin = declared(suites_dir())
    own = _collected(suites)
    problems = [
        f"behaviour {ours.behaviour.id!r} is defined twice: {ours.place} and {theirs.place}"
        for ours in own
        for theirs in builtin
        if ours.behaviour.id == theirs.behaviour.id and not _same_file(ours, theirs)
    ]
    if problems:
        raise UsageError(problems)
    named = [declared for declared in builtin if not suites or BUILTIN in suites]
    by_id = {declared.behaviour.id: declared.behaviour for declared in (*named, *own)}
    return tuple(sorted(by_id.values(), key=lambda behaviour: (behaviour.area, behaviour.id)))


def pytest_arguments(suites: Sequence[str]) -> list[str]:
    """The words that have pytest collect these suites with svcproof's settings, and no other plugins or settings."""
    paths = [str(suites_dir() if word == BUILTIN else Path(word).absolute()) for word in suites] or [str(suites_dir())]
    own = [path for path in paths if path != str(suites_dir())]
    root = os.path.commonpath([_project_root(Path(path)) for path in own]) if own else str(suites_dir().parent)
    words = ["-c", str(files("svcproof.plugin") / "pytest.ini"), "--rootdir", root]
    words += ["--confcutdir", root if own else str(suites_dir())]
    words += ["-p", "svcproof.plugin", "-p", "pytest_timeout", "-p", "no:cacheprovider", "-qq", "--no-header"]
    # With it, xdist makes a directory in /tmp that nobody removes; only tests of the user's own may ask for it.
    words += [] if own else ["-p", "no:tmpdir"]
    return [*words, *(f"--svcproof-suite={word}" for word in suites), *paths]


def forget_others_settings() -> None:
    """Take from the environment what would give pytest options or plugins beside ours."""
    for name in OTHERS_SETTINGS:
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"


def _collected(suites: Sequence[str]) -> tuple[Declared, ...]:
    """Have pytest collect the user's own suites, in a process of its own: what they import is not for this one."""
    own = [word for word in suites if word != BUILTIN]
    if problems := list(_problems(own)):
        raise UsageError(problems)
    if not own:
        return ()
    command = (sys.executable, "-P", "-m", "svcproof.plugin.listing", *own)
    listing = Command(command, Provision.SUITES_COLLECTED, name=f"collecting the tests of {', '.join(own)}").run()
    if listing.code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        errors = "\n".join(line.removeprefix("ERROR: ") for line in listing.stderr_text.strip().splitlines())
        raise UsageError(f"--suite {', '.join(own)}: its tests cannot be collected:\n{errors}")
    listed = LISTED.validate_json(listing.stdout)
    if empty := [
        word for word in own if not any(Path(declared.file).is_relative_to(Path(word).resolve()) for declared in listed)
    ]:
        raise UsageError([f"--suite {word}: there is no test in it that @behaviour declares" for word in empty])
    return listed


def _problems(own: Sequence[str]) -> Iterator[str]:
    for word in own:
        if "::" in word:
            path, _, name = word.partition("::")
            yield f"--suite {word}: takes a folder or a file; say --suite {path} -k {name.removeprefix('test_')}"
        elif not Path(word).exists():
            yield f"--suite {word}: there is no such file or folder; `{BUILTIN}` stands for svcproof's own suites"
        elif Path(word).is_file() and Path(word).suffix != ".py":
            yield f"--suite {word}: is not a folder and not a Python file"


def _project_root(path: Path) -> Path:
    """The folder from which conftest.py files are heeded: the project's, as when pytest itself runs there."""
    folder = path if path.is_dir() else path.parent
    marked = (at for at in (folder, *folder.parents) if any((at / marker).exists() for marker in ROOT_MARKERS))
    return next(marked, folder)


def _same_file(declared: Declared, other: Declared) -> bool:
    return Path(declared.file).resolve() == Path(other.file).resolve()
