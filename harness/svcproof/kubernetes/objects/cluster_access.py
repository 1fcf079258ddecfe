"""The access to a cluster that installing something in it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from svcproof.kubernetes.api import Kube


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """A cluster that is up: its client, the run that uses it, and its end."""

    kube: Kube
    kubeconfig: Path
    """A file for programs that take one; the right context is its current one."""
    token: str
    """The run's name, the value of the label svcproof.dev/run on all it makes."""
    ends_with_run: bool
    """True if the cluster is deleted with this run, so that nothing need be put back; False for one that is kept."""
    status_on_node: Callable[[str, str], int] | None = None
    """Asks a URL on the node of this name, and returns the status, 0 if nothing answers; None: no way to ask there."""
