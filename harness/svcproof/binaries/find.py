"""The way to a component: what is there already first, then the cache, and at last to obtain it."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from svcproof.binaries.cache import alone, cache, kept
from svcproof.binaries.component import COMPONENTS, KUBERNETES, Component, NotObtainedError
from svcproof.binaries.module import build
from svcproof.binaries.release import download
from svcproof.commands import Command, CommandError
from svcproof.disk import move_whole
from svcproof.errors import ProvisionError, UsageError, near
from svcproof.limits import Request
from svcproof.model.cluster import Progress
from svcproof.model.release import Release

VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[\w.]+)?")


class How(StrEnum):
    """The origin of a component."""

    ENVIRONMENT = "named by the environment"
    PATH = "found on PATH"
    CACHE = "kept from an earlier run"
    DOWNLOADED = "downloaded from its release site"
    BUILT = "built from its Go module"


@dataclass(frozen=True, slots=True)
class Binary:
    """A component to run: its absolute path, its version (`1.37.2`), and how it was come by."""

    path: Path
    version: str
    how: How


def find(name: str, version: str | None = None, *, progress: Progress = lambda sentence: None) -> Binary:
    """Return the component, of this version or, without one, of any that is installed.

    What the environment (KUBEBUILDER_ASSETS and envtest's TEST_ASSET_<NAME>) or PATH offers is taken when it is of
    the version; then the user's cache is asked; then it is downloaded or built, which takes minutes, once. Raises
    UsageError for a name or version that cannot be, ProvisionError where nothing worked, or the cache is not to be
    trusted.
    """
    if binary := look(name, version, progress=progress):
        return binary
    component = _component(name)
    version = _plain(version) or component.version
    with alone(_folder(component, version), progress) as folder:
        if binary := _kept(component, version):
            return binary
        target = folder / component.name
        return Binary(target, version, _obtain(component, version, target, progress))


def look(name: str, version: str | None = None, *, progress: Progress = lambda sentence: None) -> Binary | None:
    """Return what `find` would without obtaining anything, or None."""
    component, version = _component(name), _plain(version)
    if binary := _installed(component, version, progress):
        return binary
    return _kept(component, version or component.version)


def of_release(name: str, release: str) -> Binary | None:
    """Return the newest version of a release, such as 1.33, that is kept; None where there is none."""
    versions = [folder.name.removeprefix(f"{name}-") for folder in cache().glob(f"{name}-{release}.*")]
    newest_first = sorted(filter(VERSION.fullmatch, versions), key=lambda text: [*map(int, re.findall(r"\d+", text))])
    return next(filter(None, (_kept(_component(name), version) for version in reversed(newest_first))), None)


def releases(name: str) -> tuple[Release, ...]:
    """Return the releases of a component of Kubernetes of which a version is kept, the oldest first."""
    versions = (folder.name.removeprefix(f"{name}-") for folder in cache().glob(f"{name}-1.*"))
    named = {release for version in versions if (release := Release.of(version))}
    return tuple(sorted(release for release in named if of_release(name, str(release))))


def version_to_take(name: str, version: str | None = None) -> str:
    """Return the version of what `find` would return, without obtaining it."""
    binary = look(name, version)
    return binary.version if binary else _plain(version) or _component(name).version


def _component(name: str) -> Component:
    if component := COMPONENTS.get(name):
        return component
    raise UsageError(f"no component {name!r} is known{near(name, COMPONENTS)}")


def _plain(version: str | None) -> str | None:
    if version is None:
        return None
    if not (matched := re.fullmatch(r"v?(\d+\.\d+\.\d+)", version)):
        raise UsageError(f"{version!r} is not a version such as {KUBERNETES}")
    return matched[1]


def _folder(component: Component, version: str) -> str:
    return f"{component.name}-{version}"


def _kept(component: Component, version: str) -> Binary | None:
    path = kept(_folder(component, version), component.name)
    return Binary(path, version, How.CACHE) if path else None


def _installed(component: Component, version: str | None, progress: Progress) -> Binary | None:
    for how, paths in ((How.ENVIRONMENT, _from_environment(component)), (How.PATH, _from_path(component))):
        for path in paths:
            its_version = _version_of(path, component)
            if its_version and version in {None, its_version}:
                return Binary(path, its_version, how)
            progress(
                f"{path} is not taken: "
                + (f"it is {its_version}, not {version}" if its_version else "it tells no version")
            )
    return None


def _obtain(component: Component, version: str, target: Path, progress: Progress) -> How:
    """Put the component at `target`, whole or not at all."""
    reasons = []
    for how, way in ((How.DOWNLOADED, download), (How.BUILT, build)):
        with TemporaryDirectory(dir=target.parent, prefix="new-") as scratch:
            try:
                built = way(component, version, Path(scratch), progress)
                if (its_version := _version_of(built, component)) != version:
                    raise NotObtainedError(
                        f"it does not run as {version}: asked for its version, it said {its_version!r}"
                    )
                built.chmod(0o755)
                move_whole(built, target)
                return how
            except NotObtainedError as error:
                reasons.append(f"  not {how}: {error}")
    remedy = (
        f"put {component.name} {version} on PATH or into the folder KUBEBUILDER_ASSETS names, "
        "or let this machine reach the Go module proxy and PyPI"
    )
    raise ProvisionError("\n".join([f"{component.name} {version} could not be obtained:", *reasons, f"  {remedy}"]))


def _from_environment(component: Component) -> Iterator[Path]:
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


def _from_path(component: Component) -> Iterator[Path]:
    """Yield the program of that name on PATH, if there is one."""
    if path := shutil.which(component.name):
        yield Path(path).absolute()


def _version_of(path: Path, component: Component) -> str:
    """Return the version that a program tells, such as `1.37.2`; empty where it tells none."""
    try:
        answer = Command((str(path), *component.ask_version), Request.PROGRAM_VERSION).run()
    except CommandError:
        return ""
    match = VERSION.search(answer.stdout_text) or VERSION.search(answer.stderr_text)
    return match[0] if match else ""


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
