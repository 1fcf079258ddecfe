"""The program kind, and pytest-kind's KindCluster, which creates and deletes with it.

KindCluster downloads what it does not find, has no time limits, writes beside the current directory and lets kind
print as it likes. So it runs in a process of its own (`svcproof.kubernetes.kind.pytest_kind`), with kind's path.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from svcproof import binaries, ledger
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.command import attempt
from svcproof.kubernetes.kind.said import with_remedy
from svcproof.limits import Provision, Request
from svcproof.model.cluster import Progress

INSTALL = "https://kind.sigs.k8s.io/docs/user/quick-start/#installation"


@dataclass(frozen=True, slots=True)
class Kind:
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
        return tuple(self.run("get", "clusters", timeout=Request.KIND.seconds).split())

    def kubeconfig(self, name: str) -> str:
        """The kubeconfig of a cluster that exists."""
        return self.run("get", "kubeconfig", "--name", name, timeout=Request.KIND.seconds)

    def load(self, name: str, archive: Path) -> None:
        """Put the images of an archive into every node."""
        self.run("load", "image-archive", "--name", name, str(archive), timeout=Provision.IMAGES_LOADED.seconds)

    def export_logs(self, name: str, directory: Path) -> None:
        """Keep the logs of all nodes."""
        self.run("export", "logs", "--name", name, str(directory), timeout=Provision.LOGS_EXPORTED.seconds)

    def run(self, *argv: str, timeout: float) -> str:
        """Return what it prints; raises ProvisionError with its last lines where it fails."""
        ended = attempt(str(self.path), *argv, timeout=timeout)
        if ended.returncode:
            raise ProvisionError(with_remedy(f"kind {' '.join(argv)} failed", ended.stderr))
        return ended.stdout

    def _pytest_kind(
        self, what: str, name: str, directory: Path, image: str, within: float, progress: Progress
    ) -> None:
        asked = json.dumps({"name": name, "directory": str(directory), "kind": str(self.path), "image": image})
        words = (sys.executable, "-P", "-m", "svcproof.kubernetes.kind.pytest_kind", what, asked)
        # A session of its own: Ctrl-C is for us, who then end it and remove what it has made.
        child = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace", start_new_session=True,
        )  # fmt: skip
        late = threading.Event()

        def give_up() -> None:
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        ends = threading.Timer(within, give_up)
        ends.start()
        try:
            said = list(_followed(child, progress))
            code = child.wait()
        finally:
            ends.cancel()
            _end(child)
        if code:
            why = f"had not ended after {within:g} s" if late.is_set() else "failed"
            raise ProvisionError(with_remedy(f"kind {what} cluster {name} {why}", "".join(said)))


def find() -> Kind:
    """Return the kind on PATH, or kept from an earlier run; raises ProvisionError without one, or pytest-kind."""
    path = _path()
    if find_spec("pytest_kind") is None:
        raise ProvisionError("pytest-kind is not installed: pip install 'svcproof[kind]'")
    said = Kind(path).run("version", timeout=Request.KIND.seconds)
    version = re.search(r"v(\d+)\.(\d+)\.(\d+)", said)
    if version is None:
        raise ProvisionError(f"{path} version says {said.strip()[:60]!r}: that is not the kind of {INSTALL}")
    return Kind(path, tuple(map(int, version.groups())))


def _path() -> Path:
    if on_path := shutil.which("kind"):
        return Path(on_path)
    if kept := binaries.look("kind"):
        return kept.path
    raise ProvisionError(f"kind is not on PATH: install it ({INSTALL})")


def _end(child: "subprocess.Popen[str]") -> None:
    """End it and all it has started, which are of its group."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream:
            stream.close()


def _followed(child: "subprocess.Popen[str]", progress: Progress) -> Iterator[str]:
    """Yield the lines of a child's output; those that say what kind begins are steps."""
    for line in child.stdout or ():
        if line.strip().endswith("..."):
            progress(f"kind: {line.strip().strip(' •.')}")
        yield line
