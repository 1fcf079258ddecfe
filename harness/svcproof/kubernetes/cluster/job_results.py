"""The results of a run in a Job, stored in a ConfigMap.

`python3 -m svcproof.kubernetes.cluster.job_results DIRECTORY NAME`, in the Job's pod.
"""

import base64
import gzip
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from svcproof.errors import ProvisionError, SvcproofError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.kubeconfig import MOUNTED, copied
from svcproof.printable import clipped

RUN_FILE = "run.jsonl"
"""The one from which all others can be made again."""
LEFT_OUT = "left-out"
"""The key of the ConfigMap that says which files it has no room for."""
MOST = 1 << 20
"""Bytes that a ConfigMap may have. https://kubernetes.io/docs/concepts/configuration/configmap/#motivation."""
MOST_WORDS = 4096
"""Bytes of these that are kept for what LEFT_OUT says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """The files of a run, compressed, each as `binaryData` has it, and those that there is no room for."""

    files: Mapping[str, str]
    left_out: tuple[str, ...]

    @property
    def words(self) -> str:
        """A sentence about what is left out; empty where nothing is."""
        if not self.left_out:
            return ""
        names = ", ".join(self.left_out)
        again = f"svcproof report makes them again from {RUN_FILE}, and svcproof job --pvc NAME keeps all on a volume"
        return clipped(f"too large for a ConfigMap, and not kept: {names}; {again}", MOST_WORDS // 4)


def packed(directory: Path) -> Packed:
    """Compress the files that a run has left: the run file first, then the smallest.

    Raises ProvisionError where there is no run file, or no room for it, and OSError where one cannot be read.
    """
    contents = {path.name: gzip.compress(path.read_bytes()) for path in directory.iterdir() if path.is_file()}
    if RUN_FILE not in contents:
        raise ProvisionError(f"there is no {RUN_FILE} in {directory}: no run began, and the log says why")
    if (size := len(contents[RUN_FILE])) > MOST - MOST_WORDS:
        raise ProvisionError(
            f"the run file, {size} bytes when compressed, is too large for a ConfigMap: have the results put on a "
            "volume, with svcproof job --pvc NAME"
        )
    room, files, left_out = MOST - MOST_WORDS, dict[str, str](), list[str]()
    for name in sorted(contents, key=lambda name: (name != RUN_FILE, len(contents[name]), name)):
        if len(contents[name]) > room:
            left_out.append(name)
        else:
            room -= len(contents[name])
            files[f"{name}.gz"] = base64.b64encode(contents[name]).decode()
    return Packed(files=files, left_out=tuple(left_out))


def store(kube: Kube, namespace: str, name: str, results: Packed) -> None:
    """Put them into a ConfigMap, in the place of those of an earlier run."""
    kube.delete("ConfigMap", name, namespace, missing_ok=True)
    metadata = {"name": name, "namespace": namespace}
    content = {"binaryData": dict(results.files)} | ({"data": {LEFT_OUT: results.words}} if results.left_out else {})
    kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **content})


def main(directory: Path, name: str) -> None:
    """Do it with the account of this pod, and say what there was no room for."""
    results = packed(directory)
    namespace = (MOUNTED / "namespace").read_text().strip()
    with tempfile.TemporaryDirectory() as private, closing(Kube(copied("", "", os.environ, Path(private)))) as kube:
        store(kube, namespace, name, results)
    if results.words:
        sys.stderr.write(f"{results.words}\n")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2])
    except (SvcproofError, OSError) as error:
        sys.exit(f"Error: the results were not kept: {error}")
