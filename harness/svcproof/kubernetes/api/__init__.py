"""The cluster's API: lightkube behind one synchronous client that deals in plain dicts."""

from svcproof.kubernetes.api.kube import Kube
from svcproof.kubernetes.api.pod_shell import PodShell

__all__ = ["Kube", "PodShell"]
