"""Running something as somebody who is not root."""

import os
import subprocess
import sysconfig
from pathlib import Path

CHECKOUT = Path(__file__).parents[3] / "harness"
NOBODY = 65534


def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command without any privilege, with the modules of this Python."""
    modules = f"{CHECKOUT}:{sysconfig.get_path('purelib')}"
    drop = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if os.getuid() == 0 else ()
    # setpriv itself can still read root's files, so it is a shell that finds out what nobody can run.
    drop = (*drop, "sh", "-c", 'exec "$@"', "sh")
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/"}
    return subprocess.run([*drop, *command], env=environment, cwd="/", capture_output=True, text=True, timeout=100)
