"""The program kind, and pytest-kind's KindCluster, which creates and deletes with it.

KindCluster downloads what it does not find, has no time limits, writes beside the current directory and lets kind
print as it likes. So it runs in a process of its own (`harness.kind.pytest_kind`), which is given kind's path.
"""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from harness.errors import ProvisionError
from harness.model.cluster import Progress

CREATE_WITHIN = 600.0
DELETE_WITHIN = 120.0
LAST_LINES = 15


@dataclass(frozen=True, slots=True)
class Kind:
    """The program kind at a path."""

    path: Path

    def create(self, name: str, directory: Path, config: str, image: str, progress: Progress) -> Path:
        """Make a cluster and return its kubeconfig, in `directory`; raises ProvisionError with kind's last lines."""
        (directory / "kind.yaml").write_text(config)
        self._pytest_kind("create", name, directory, image, CREATE_WITHIN, progress)
        return directory / "kubeconfig"

    def delete(self, name: str, directory: Path) -> None:
        """Remove a cluster and whatever there is of it; raises ProvisionError where that fails."""
        self._pytest_kind("delete", name, directory, "", DELETE_WITHIN, lambda _: None)

    def clusters(self) -> tuple[str, ...]:
        """The names of all clusters there are."""
        return tuple(self.run("get", "clusters", timeout=30).split())

    def kubeconfig(self, name: str) -> str:
        """The kubeconfig of a cluster that exists."""
        return self.run("get", "kubeconfig", "--name", name, timeout=30)

    def load(self, name: str, archive: Path) -> None:
        """Put the images of an archive into every node."""
        self.run("load", "image-archive", "--name", name, str(archive), timeout=300)

    def export_logs(self, name: str, directory: Path) -> None:
        """Keep the logs of all nodes."""
        self.run("export", "logs", "--name", name, str(directory), timeout=120)

    def run(self, *argv: str, timeout: float) -> str:
        """Return what it prints; raises ProvisionError with its last lines where it fails."""
        try:
            ended = subprocess.run(
                (str(self.path), *argv), capture_output=True, text=True, timeout=timeout, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as why:
            raise ProvisionError(f"kind {' '.join(argv)}: {why}") from why
        if ended.returncode:
            raise ProvisionError(f"kind {' '.join(argv)} failed:\n{last_lines(ended.stderr)}")
        return ended.stdout

    def _pytest_kind(
        self, what: str, name: str, directory: Path, image: str, within: float, progress: Progress
    ) -> None:
        asked = json.dumps({"name": name, "directory": str(directory), "kind": str(self.path), "image": image})
        words = (sys.executable, "-m", "harness.kind.pytest_kind", what, asked)
        # A session of its own: Ctrl-C is for us, who then end it and remove what it has made.
        child = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, cwd=directory
        )
        ends = threading.Timer(within, child.kill)
        ends.start()
        try:
            said = list(_followed(child, progress))
            code = child.wait()
        finally:
            late = not ends.is_alive()
            ends.cancel()
            child.kill()
            child.wait()
        if code:
            why = f"had not ended after {within:g} s" if late else "failed"
            raise ProvisionError(f"kind {what} cluster {name} {why}:\n{last_lines(''.join(said))}")


def find() -> Kind:
    """Return the kind on PATH; raises ProvisionError where there is none, or no pytest-kind."""
    path = shutil.which("kind")
    if path is None:
        raise ProvisionError(
            "kind is not on PATH: install it (https://kind.sigs.k8s.io/docs/user/quick-start/#installation)"
        )
    if find_spec("pytest_kind") is None:
        raise ProvisionError("pytest-kind is not installed: pip install 'svcproof[kind]'")
    return Kind(Path(path))


def last_lines(said: str, lines: int = LAST_LINES) -> str:
    """The end of what a program said."""
    return "\n".join(said.strip().splitlines()[-lines:]) or "(it said nothing)"


def _followed(child: "subprocess.Popen[str]", progress: Progress) -> Iterator[str]:
    """Yield the lines of a child's output; those that say what kind begins are steps."""
    for line in child.stdout or ():
        if line.strip().endswith("..."):
            progress(f"kind: {line.strip(' •.').strip()}")
        yield line
