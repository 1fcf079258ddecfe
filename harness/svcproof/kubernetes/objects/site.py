"""The cluster that something is installed into."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from svcproof.kubernetes.api import Kube


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A cluster that is up, for those that put something into it."""

    kube: Kube
    kubeconfig: Path
    """For programs that are given one; the right context is its current one."""
    token: str
    """The run's name, the value of the label svcproof.dev/run on all it makes."""
    own: bool
    """Whether the cluster goes with this run: nothing is put back then. One that is kept is not `own`."""
    mode: str = ""
    """The mode of kube-proxy that the cluster was made with, or none; empty: not known."""
    ask: Callable[[str, str], int] | None = None
    """Asks a URL on the node of this name, and returns the status, 0 where nothing answers; None: no way to."""
