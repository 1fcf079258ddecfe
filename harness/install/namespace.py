"""A namespace of ours, with what agent pods need in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import harness.agent
from harness.install.pods import LABEL, agent_files, config_map
from harness.kube import Kube

AGENT_DIRECTORY = Path(harness.agent.__file__).parent / "pod"


@contextmanager
def namespaced(kube: Kube, name: str) -> Iterator[str]:
    """Make a namespace with the agent's ConfigMap; delete it, without waiting, on leaving."""
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {LABEL: name}}})
    try:
        kube.create(config_map(name, agent_files(AGENT_DIRECTORY)))
        yield name
    finally:
        kube.delete("Namespace", name, missing_ok=True)
