"""The program kind, and pytest-kind's KindCluster, which creates and deletes with it.

KindCluster downloads what it does not find, has no time limits, writes beside the current directory and lets kind
print as it likes. So it runs in a process of its own (`svcproof.kubernetes.kind.pytest_kind`), with kind's path.
"""

import json
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from svcproof import binaries, ledger
from svcproof.commands import Command
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.command_errors import explained
from svcproof.limits import Limit, Provision, Request
from svcproof.model.cluster import Progress

INSTALL = "https://kind.sigs.k8s.io/docs/user/quick-start/#installation"


@dataclass(frozen=True, slots=True)
class KindProgram:
    """The program kind at a path."""

    path: Path
    version: tuple[int, ...] = ()

    def create(self, name: str, directory: Path, config: str, image: str, progress: Progress) -> Path:
        """Make a cluster and return its kubeconfig, in `directory`; raises ProvisionError with kind's last lines.

        Where that fails or is interrupted, what there is of the cluster stays, for `export_logs` and `delete`.
        """
        with ledger.writing("kind's configuration", directory):
            (directory / "kind.yaml").write_text(config)
        self._pytest_kind("create", name, directory, image, Provision.KIND_CREATED.seconds, progress)
        return directory / "kubeconfig"

    def delete(self, name: str, directory: Path) -> None:
        """Remove a cluster and whatever there is of it; raises ProvisionError where that fails."""
        self._pytest_kind("delete", name, directory, "", Provision.KIND_DELETED.seconds, lambda _: None)

    def clusters(self) -> tuple[str, ...]:
        """The names of all clusters there are."""
        return tuple(self.run("get", "clusters").split())

    def kubeconfig(self, name: str) -> str:
        """The kubeconfig of a cluster that exists."""
        return self.run("get", "kubeconfig", "--name", name)

    def load(self, name: str, archive: Path) -> None:
        """Put the images of an archive into every node."""
        self.run("load", "image-archive", "--name", name, str(archive), within=Provision.IMAGES_LOADED)

    def export_logs(self, name: str, directory: Path) -> None:
        """Keep the logs of all nodes."""
        self.run("export", "logs", "--name", name, str(directory), within=Provision.LOGS_EXPORTED)

    def run(self, *argv: str, within: Limit = Request.KIND) -> str:
        """Return what it prints; raises ProvisionError with its last lines where it fails."""
        with explained("kind"):
            return Command((str(self.path), *argv), within, name=shlex.join(("kind", *argv))).output()

    def _pytest_kind(
        self, verb: str, name: str, directory: Path, image: str, within: float, progress: Progress
    ) -> None:
        settings = json.dumps({"name": name, "directory": str(directory), "kind": str(self.path), "image": image})
        argv = (sys.executable, "-P", "-m", "svcproof.kubernetes.kind.pytest_kind", verb, settings)

        def tell(line: str) -> None:
            if line.strip().endswith("..."):  # One of those that say what kind begins.
                progress(f"kind: {line.strip().strip(' •.')}")

        with explained("kind"):
            Command(argv, within, name=f"kind {verb} cluster {name}", held=True, on_line=tell).output()


def find() -> KindProgram:
    """Return the kind on PATH, or kept from an earlier run; raises ProvisionError without one, or pytest-kind."""
    path = _path()
    if find_spec("pytest_kind") is None:
        raise ProvisionError("pytest-kind is not installed: pip install 'svcproof[kind]'")
    printed = KindProgram(path).run("version")
    version = re.search(r"v(\d+)\.(\d+)\.(\d+)", printed)
    if version is None:
        raise ProvisionError(f"{path} version says {printed.strip()[:60]!r}: that is not the kind of {INSTALL}")
    return KindProgram(path, tuple(map(int, version.groups())))


def _path() -> Path:
    if on_path := shutil.which("kind"):
        return Path(on_path)
    if kept := binaries.look("kind"):
        return kept.path
    raise ProvisionError(f"kind is not on PATH: install it ({INSTALL})")
