"""Components that are on this machine already: named by the environment, or on PATH."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from svcproof.binaries.component import Component
from svcproof.commands import Command, CommandError
from svcproof.errors import UsageError
from svcproof.limits import Request

VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[\w.]+)?")


def from_environment(component: Component) -> Iterator[Path]:
    """Yield where the variables of envtest say that the component is: TEST_ASSET_<NAME>, then KUBEBUILDER_ASSETS.

    https://pkg.go.dev/sigs.k8s.io/controller-runtime/pkg/envtest. Raises UsageError where the first names no program.
    """
    variable = "TEST_ASSET_" + component.name.upper().replace("-", "_")
    if named := os.environ.get(variable):
        if not _is_program(path := Path(named)):
            raise UsageError(f"{variable}={named}: there is no such program")
        yield path.absolute()
    if (folder := os.environ.get("KUBEBUILDER_ASSETS")) and _is_program(path := Path(folder, component.name)):
        yield path.absolute()


def from_path(component: Component) -> Iterator[Path]:
    """Yield the program of that name on PATH, if there is one."""
    if path := shutil.which(component.name):
        yield Path(path).absolute()


def version_of(path: Path, component: Component) -> str:
    """Return the version that a program tells, such as `1.36.3`; empty where it tells none."""
    try:
        answer = Command((str(path), *component.ask_version), Request.PROGRAM_VERSION).run()
    except CommandError:
        return ""
    match = VERSION.search(answer.stdout_text) or VERSION.search(answer.stderr_text)
    return match[0] if match else ""


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
