"""The container engine that kind works on: docker, podman or nerdctl."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from harness.errors import ProvisionError

ENGINES = ("docker", "podman", "nerdctl")
"""In the order in which kind looks for them; KIND_EXPERIMENTAL_PROVIDER chooses one."""
CHOICE = "KIND_EXPERIMENTAL_PROVIDER"


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine whose daemon, where it has one, answers."""

    name: str

    def run(self, *argv: str, timeout: float = 60.0, text: str | None = None) -> str:
        """Return what a command of it prints; raises ProvisionError with its last lines where it fails."""
        ended = self.attempt(*argv, timeout=timeout, text=text)
        if ended.returncode:
            raise ProvisionError(f"{self.name} {' '.join(argv)} failed: {_last(ended.stderr or ended.stdout)}")
        return ended.stdout

    def attempt(self, *argv: str, timeout: float = 60.0, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of it, whatever comes out; raises ProvisionError where it does not end in time."""
        try:
            return subprocess.run(
                (self.name, *argv), capture_output=True, text=True, timeout=timeout, input=text or "", check=False
            )
        except (OSError, subprocess.TimeoutExpired) as why:
            raise ProvisionError(f"{self.name} {' '.join(argv)}: {why}") from why

    def has_image(self, image: str) -> bool:
        """Whether an image is there without being pulled."""
        return self.attempt("image", "inspect", "--format", "{{.Id}}", image).returncode == 0


def find() -> Engine:
    """Return the engine that kind will use; raises ProvisionError where none answers, with what to do."""
    chosen = os.environ.get(CHOICE)
    there = [name for name in ((chosen,) if chosen else ENGINES) if shutil.which(name)]
    if not there:
        wanted = chosen or "docker, podman or nerdctl"
        raise ProvisionError(f"kind needs a container engine, and {wanted} is not on PATH: install Docker, say")
    engine = Engine(there[0])
    said = engine.attempt("version", "--format", "{{.Server.Version}}", timeout=20)
    if said.returncode:
        raise ProvisionError(_no_daemon(engine.name, said.stderr))
    return engine


def _no_daemon(name: str, said: str) -> str:
    if "permission denied" in said.lower():
        remedy = f"you have no rights on its socket: join the group {name}, or use sudo"
    else:
        remedy = f"its daemon does not run, or not where {name} looks for it: start it, or set DOCKER_HOST"
    return f"{name} is installed and does not answer; {remedy}. It said: {_last(said)}"


def _last(said: str, lines: int = 8) -> str:
    kept: Sequence[str] = said.strip().splitlines()[-lines:]
    return "\n".join(kept) or "(nothing)"
