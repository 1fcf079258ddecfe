"""The one module that knows pytest-kind (GPL-3.0-or-later, the optional extra `kind`), run as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

from pytest_kind import KindCluster


def main() -> int:
    """Create or delete the cluster that the arguments name; kind's output is ours."""
    what, asked = sys.argv[1], json.loads(sys.argv[2])
    directory = Path(asked["directory"])
    os.chdir(directory)  # KindCluster makes its folder .pytest-kind there
    cluster = KindCluster(
        asked["name"],
        kubeconfig=directory / "kubeconfig",
        image=asked["image"] or None,
        kind_path=Path(asked["kind"]),
        kubectl_path=Path(asked["kind"]),  # asked for by none of the two; without it one would be downloaded
    )
    try:
        if what == "create":
            cluster.create(config_file=directory / "kind.yaml")
        else:
            cluster.delete()
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
