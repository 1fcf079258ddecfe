"""The one module that knows pytest-kind (GPL-3.0-or-later, the optional extra `kind`), run as a process of its own.

Its standard input is held by who started it: when that one ends, however it does, this process ends with all it has
started. So what a killed run had begun does not go on being made.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from pytest_kind import KindCluster

RETAINING = """\
#!/bin/sh
# kind, but for one thing: the nodes of a cluster that does not come up stay, so that their logs can be kept.
[ "$1 $2" = "create cluster" ] && set -- "$@" --retain
exec "$SVCPROOF_KIND" "$@"
"""


def main() -> int | str:
    """Create or delete the cluster that the arguments name; kind's output is ours. Returns what to exit with."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.dup2(1, 2)  # One stream, in which the lines are in their order.
    what, asked = sys.argv[1], json.loads(sys.argv[2])
    directory, kind = Path(asked["directory"]), Path(asked["kind"])
    try:
        os.chdir(directory)  # KindCluster makes its folder .pytest-kind there
        if what == "create":
            _cluster(asked, directory, _retaining(directory, kind)).create(config_file=directory / "kind.yaml")
        else:
            _cluster(asked, directory, kind).delete()
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    except OSError as error:
        return str(error)
    return 0


def _cluster(asked: dict[str, str], directory: Path, kind: Path) -> KindCluster:
    return KindCluster(
        asked["name"],
        kubeconfig=directory / "kubeconfig",
        image=asked["image"] or None,
        kind_path=kind,
        kubectl_path=kind,  # asked for by none of the two; without it one would be downloaded
    )


def _retaining(directory: Path, kind: Path) -> Path:
    script = directory / "kind"
    script.write_text(RETAINING)
    script.chmod(0o700)
    os.environ["SVCPROOF_KIND"] = str(kind)
    return script


def _end_with_parent() -> None:
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
