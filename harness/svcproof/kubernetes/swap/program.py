"""Running a program of the user's, with a time limit and what it said last."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.limits import Provision

LAST_LINES = 15


def run(
    argv: Sequence[str], kubeconfig: Path, *, within: float | None = None, more: Mapping[str, str] | None = None
) -> str:
    """Run a program with KUBECONFIG set, and return what it wrote to standard output.

    Raises ProvisionError with its last lines where it fails, or is not over after `within` seconds; then it is
    killed with all that it started.
    """
    words = " ".join(argv)
    seconds = Provision.PROXY_INSTALLED.seconds if within is None else within
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), **(more or {})}
    try:
        # A session of its own: Ctrl-C is for us, who end it and then have everything put back.
        child = subprocess.Popen(
            argv,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as why:
        raise ProvisionError(f"could not start {words}: {why}") from why
    with child:
        try:
            said, complaint = child.communicate(timeout=seconds)
        except BaseException as why:
            os.killpg(child.pid, signal.SIGKILL)
            said, complaint = child.communicate()
            if not isinstance(why, subprocess.TimeoutExpired):
                raise
            raise ProvisionError(f"{words} was not over after {seconds:g} s; {_last(said, complaint)}") from why
    if child.returncode:
        raise ProvisionError(f"{words} failed with exit code {child.returncode}; {_last(said, complaint)}")
    return said


def _last(said: str, complaint: str) -> str:
    lines = [*said.splitlines()[-LAST_LINES:], *complaint.splitlines()[-LAST_LINES:]]
    return "its last lines:\n" + "\n".join(f"  {line}" for line in lines) if lines else "it said nothing"
