"""The results of a run in a Job, stored in a ConfigMap.

`python3 -m svcproof.kubernetes.cluster.job_results DIRECTORY NAME`, in the Job's pod.
"""

import base64
import gzip
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from svcproof.errors import ProvisionError, SvcproofError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.kubeconfig import MOUNTED, copied

FILES = ("run.jsonl", "junit.xml")
MOST = 1 << 20
"""Bytes that a ConfigMap may have. https://kubernetes.io/docs/concepts/configuration/configmap/#motivation."""


def packed(directory: Path) -> dict[str, str]:
    """The files, compressed, as `binaryData` has them; raises ProvisionError where they are too large."""
    files = {f"{name}.gz": gzip.compress((directory / name).read_bytes()) for name in FILES}
    if (size := sum(map(len, files.values()))) > MOST:
        raise ProvisionError(
            f"the results, {size} bytes when compressed, are too large for a ConfigMap: have them put on a volume, "
            "with svcproof job --pvc NAME"
        )
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def store(kube: Kube, namespace: str, name: str, data: dict[str, str]) -> None:
    """Put them into a ConfigMap, in the place of those of an earlier run."""
    kube.delete("ConfigMap", name, namespace, missing_ok=True)
    metadata = {"name": name, "namespace": namespace}
    kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "binaryData": data})


def main(directory: Path, name: str) -> None:
    """Do it with the account of this pod."""
    namespace = (MOUNTED / "namespace").read_text().strip()
    with tempfile.TemporaryDirectory() as private, closing(Kube(copied("", "", os.environ, Path(private)))) as kube:
        store(kube, namespace, name, packed(directory))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except (SvcproofError, OSError) as error:
        sys.exit(f"Error: the results were not kept: {error}")
