"""The lab's kubelet: `run` is one node's, a client of the API like any other part.

kubelet             follows the pods bound to the node
  pod               the life of a pod: its resources, its containers in order, its end
    pod_resources   addresses, namespace, volumes, resolv.conf and hosts
    container       one container: preparation, process, watchdog (its probes), log
    status          the pod's status; poster writes it to the API
  server            the kubelet's own API: logs, exec, attach, port-forward
rules               the pure functions that decide on files, variables and readiness
images              the programs that stand in for the images that people use; programs/ are those of ours
"""

from svcproof.lab.kubelet.kubelet import run

__all__ = ["run"]
