"""EndpointSlices of a check's own, and edits of them."""

from dataclasses import dataclass, field
from typing import Any

from ..slices import READY, slice_with
from .field import TCP_AND_UDP

SLICES = "discovery.k8s.io/v1 EndpointSlice"
SERVICE_NAME = "kubernetes.io/service-name"
HEADLESS = "service.kubernetes.io/headless"
PORTS = [{"name": port["name"], "port": port["targetPort"], "protocol": port["protocol"]} for port in TCP_AND_UDP]


@dataclass(frozen=True, slots=True)
class Listed:
    """An endpoint in a slice: a sample pod, and the keys in which it differs from one that is ready."""

    workload: str
    index: int
    keys: dict[str, Any] = field(default_factory=dict)

    def having(self, **keys):
        """The same endpoint with these keys; None leaves one out."""
        return Listed(self.workload, self.index, keys)

    def hinted(self, node):
        """The same endpoint with a hint for the zone of the node of this number."""
        return self.having(hints=lambda scene: {"forZones": [{"name": scene.nodes[node].zone}]})

    def of(self, scene):
        """The endpoint as the API has it."""
        pod = getattr(scene, self.workload).pods[self.index]
        own = {key: scene.resolved(value) for key, value in self.keys.items()}
        whole = {"addresses": [pod.address], "conditions": READY, "nodeName": pod.node, **own}
        return {key: value for key, value in whole.items() if value is not None}


def listed(workload, index):
    """The endpoint that a pod of `echo` or `db` is."""
    return Listed(workload, index)


def made(*endpoints):
    """Make the slice of the Service, with these endpoints."""

    def make(scene):
        whole = slice_with(scene.service, scene.workbench.name("slice"), [each.of(scene) for each in endpoints])
        scene.kept["slice"] = scene.workbench.create({**whole, "ports": PORTS})["metadata"]["name"]

    return make


def written(*endpoints):
    """Write these endpoints into the slice, in place of those that it has."""
    return lambda scene: _patch(scene, endpoints=[each.of(scene) for each in endpoints])


def written_ports(*changes):
    """Write the usual ports into the slice, with these keys of the first and of the second changed."""
    ports = [{**port, **change} for port, change in zip(PORTS, changes, strict=True)]
    return lambda scene: _patch(scene, ports=ports)


def relabelled(service="", headless=None):
    """Label the slice for its Service, or for another that is made under this name here; headless, or not."""

    def make(scene):
        name = scene.service.name
        if service:
            name = scene.once(service, lambda: scene.workbench.service(ports=list(TCP_AND_UDP)).name)
        _patch(scene, metadata={"labels": {SERVICE_NAME: name, HEADLESS: headless}})

    return make


def removed(scene):
    """Delete the slice."""
    scene.workbench.kube.delete(SLICES, scene.kept["slice"], scene.service.namespace)


def zone_of_first(node):
    """Label the first node with the zone that the node of this number had at first; after the check it has its own."""

    def make(scene):
        def label(zone):
            labels = {"metadata": {"labels": {"topology.kubernetes.io/zone": zone}}}
            scene.workbench.kube.patch("Node", scene.nodes[0].name, "", labels)

        scene.undo.append(lambda: label(scene.nodes[0].zone))
        label(scene.nodes[node].zone)

    return make


def _patch(scene, **change):
    scene.workbench.kube.patch(SLICES, scene.kept["slice"], scene.service.namespace, change)
