"""The Node object of a lab's node."""

import os
import platform

from svcproof.api_kinds import NODES
from svcproof.json_objects import Object
from svcproof.lab.client import ApiError, Client
from svcproof.lab.clock import now, rfc3339
from svcproof.lab.layout import KUBELET_PORT, NodePlace

MOST_PODS = 110
VERSION = "v1.36.3"
HEALTHY = {
    "MemoryPressure": ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    "Ready": ("True", "KubeletReady", "kubelet is posting ready status"),
}
FEATURES = ["ExtendWebSocketsToKubelet"]
"""As an API server is told them, which else would speak SPDY with this kubelet."""
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


async def register(client: Client, node: NodePlace) -> None:
    """Create the Node, or put right the one that is there, and say that it is ready."""
    body = node_object(node)
    try:
        await client.create(NODES, body)
    except ApiError as error:
        if not error.conflict:
            raise
        await client.patch(NODES, node.name, {"metadata": body["metadata"], "spec": body["spec"]})
    await client.patch(NODES, node.name, {"status": body["status"]}, subresource="status")


def node_object(node: NodePlace) -> Object:
    """The Node as a kubelet registers it."""
    architecture = ARCHITECTURES.get(platform.machine(), platform.machine())
    labels = {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": architecture,
        **({"topology.kubernetes.io/zone": node.zone} if node.zone else {}),
    }
    ranges = [str(whole) for whole in node.pod_ranges]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": labels},
        "spec": {"podCIDR": ranges[0], "podCIDRs": ranges},
        "status": _status(node, architecture),
    }


def _status(node: NodePlace, architecture: str) -> Object:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    resources = {"cpu": str(os.cpu_count()), "memory": f"{pages * size // 1024}Ki", "pods": str(MOST_PODS)}
    times = dict.fromkeys(("lastHeartbeatTime", "lastTransitionTime"), rfc3339(now()))
    return {
        "addresses": [
            *({"type": "InternalIP", "address": address} for address in node.addresses),
            {"type": "Hostname", "address": node.name},
        ],
        "capacity": resources,
        "allocatable": resources,
        "conditions": [
            {"type": kind, "status": status, "reason": reason, "message": message, **times}
            for kind, (status, reason, message) in HEALTHY.items()
        ],
        "declaredFeatures": FEATURES,
        "daemonEndpoints": {"kubeletEndpoint": {"Port": KUBELET_PORT}},
        "nodeInfo": {
            "architecture": architecture,
            "operatingSystem": "linux",
            "kernelVersion": platform.release(),
            "kubeletVersion": VERSION,
            "containerRuntimeVersion": "svcproof://1",
            "osImage": "svcproof lab",
            **dict.fromkeys(("kubeProxyVersion", "machineID", "systemUUID", "bootID"), ""),
        },
    }
