"""Real components, programs of other projects, in the place of parts of the lab's own."""

from dataclasses import dataclass
from pathlib import Path

ETCD, API_SERVER, CONTROLLER_MANAGER = "etcd", "kube-apiserver", "kube-controller-manager"
COREDNS = "coredns"
CONTROL_PLANE = (ETCD, API_SERVER, CONTROLLER_MANAGER)


@dataclass(frozen=True, slots=True)
class Component:
    """A program of another project, there on this machine."""

    name: str
    path: Path
    version: str
