"""The lab's kubelet: `run` is one node's, a client of the API like any other part."""

from harness.lab.kubelet.kubelet import run

__all__ = ["run"]
