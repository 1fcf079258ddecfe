"""The shell of a container, through the API server."""

from dataclasses import dataclass

from svcproof.commands import Completed
from svcproof.kubernetes.api.kube import Kube


@dataclass(frozen=True, slots=True)
class PodShell:
    """A shell in one container of a pod, through the API server; without `container` in its only or first."""

    kube: Kube
    pod: str
    namespace: str
    container: str | None = None

    def run(self, argv: tuple[str, ...], timeout: float | None = None) -> Completed:
        """Run a command there; raises ProbeError if it could not be run at all."""
        return self.kube.exec(self.pod, self.namespace, argv, self.container, timeout)
