"""The Kubernetes objects of a check: Services with their EndpointSlices and endpoints, its pods, and their events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from svcproof.evidence.scene import Scene
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.sample.service import SLICES


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckObjects:
    """The objects of one check as they are now; what it has deleted is not among them."""

    services: tuple[Object, ...] = ()
    slices: tuple[Object, ...] = ()
    pods: tuple[Object, ...] = ()
    events: tuple[Object, ...] = ()

    @property
    def all(self) -> tuple[Object, ...]:
        """All of them, each with its kind."""
        return (*self.services, *self.slices, *self.pods, *self.events)

    def backends(self) -> tuple[Object, ...]:
        """The pods that are endpoints."""
        addresses = _endpoint_addresses(self.slices)
        return tuple(pod for pod in self.pods if _address(pod) in addresses)


def objects(kube: Kube, scene: Scene, began: float) -> CheckObjects:
    """The objects that a check names, with the pods that are endpoints or vantages; raises ProbeError."""
    services = tuple(found for namespace, name in scene.services if (found := kube.find("Service", name, namespace)))
    slices = tuple(
        piece
        for namespace, name in scene.services
        for piece in kube.list(SLICES, namespace, f"kubernetes.io/service-name={name}")
    )
    namespaces = sorted({namespace for namespace, _ in (*scene.objects, *scene.services) if namespace})
    addresses = _endpoint_addresses(slices)
    concerned = {name for _, name in scene.objects} | set(scene.vantages)
    pods = tuple(
        pod
        for namespace in namespaces
        for pod in kube.list("Pod", namespace)
        if pod["metadata"]["name"] in concerned or _address(pod) in addresses
    )
    names = concerned | {item["metadata"]["name"] for item in (*services, *slices, *pods)}
    events = tuple(event for namespace in namespaces for event in _events(kube, namespace, names, began))
    return CheckObjects(services=services, slices=slices, pods=pods, events=events)


def _events(kube: Kube, namespace: str, names: set[str], began: float) -> Iterator[Object]:
    for event in kube.list("Event", namespace):
        time = event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp")
        is_of_check = time is None or datetime.fromisoformat(time).timestamp() >= int(began)
        if event.get("involvedObject", {}).get("name") in names and is_of_check:
            yield event


def _endpoint_addresses(slices: tuple[Object, ...]) -> set[str]:
    return {
        address for piece in slices for endpoint in piece.get("endpoints") or () for address in endpoint["addresses"]
    }


def _address(pod: Object) -> str:
    return str(pod.get("status", {}).get("podIP", ""))
