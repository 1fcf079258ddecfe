"""The cluster's API: lightkube behind one synchronous client that deals in plain dicts."""

from harness.kube.kube import Kube
from harness.kube.shell import PodShell

__all__ = ["Kube", "PodShell"]
