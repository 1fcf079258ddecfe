"""Keeps the mirrored EndpointSlices of Endpoints that somebody made by hand."""

from collections.abc import Mapping

from svcproof.api_kinds import ENDPOINTS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.endpoints.membership import ByPorts, Port, Ports, family_of
from svcproof.lab.controllers.endpoints.slices import (
    MANAGED_BY,
    SERVICE_NAME,
    Plan,
    carry_out,
    plan,
    service_of_slice,
    slices_of,
)
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.owner import owned_by
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.controllers.selector import labels_of

MANAGER = "endpointslicemirroring-controller.k8s.io"
NOT_COPIED = {"kubectl.kubernetes.io/last-applied-configuration", "endpoints.kubernetes.io/last-change-trigger-time"}


class MirrorController(Controller[Key]):
    """As kube-controller-manager's endpointslicemirroring-controller."""

    def __init__(self, client: Client, informers: Informers, rules: Rules) -> None:
        self._client = client
        self._informers = informers
        self._rules = rules
        super().__init__(
            "mirror of",
            [
                (informers.endpoints, itself),
                (informers.services, itself),
                (informers.slices, lambda event: service_of_slice(MANAGER, event.object)),
            ],
            self.reconcile,
        )

    async def reconcile(self, key: Key) -> None:
        """Bring the mirrored slices of one Endpoints object up to date."""
        endpoints = self._informers.endpoints.items.get(key)
        service = self._informers.services.items.get(key)
        mirrored = endpoints is not None and service is not None and self._rules.is_mirrored(endpoints, service)
        if not mirrored and not any(
            key in service_of_slice(MANAGER, part) for part in self._informers.slices.items.values()
        ):
            return
        existing = await slices_of(MANAGER, self._client, key)
        by_family = mirror(endpoints) if endpoints is not None and mirrored else {}
        for family in ("IPv4", "IPv6"):
            of_family = [part for part in existing if part["addressType"] == family]
            if endpoints is not None and family in by_family:
                await carry_out(self._client, plan(template(endpoints), family, by_family[family], of_family))
            else:
                await carry_out(self._client, Plan(delete=tuple(of_family)))


def mirror(endpoints: Object) -> Mapping[str, ByPorts]:
    """The endpoints that the slices of an Endpoints object are to hold, by family and ports."""
    mirrored: dict[str, dict[Ports, list[Object]]] = {}
    for subset in endpoints.get("subsets") or ():
        ports = tuple(
            Port(port.get("name", ""), port.get("protocol", "TCP"), port["port"], port.get("appProtocol"))
            for port in subset.get("ports") or ()
        )
        for which, ready in (("addresses", True), ("notReadyAddresses", False)):
            for address in subset.get(which) or ():
                kept = {key: address[key] for key in ("hostname", "nodeName", "targetRef") if key in address}
                endpoint = {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}
                mirrored.setdefault(family_of(address["ip"]), {}).setdefault(ports, []).append(endpoint)
    return mirrored


def template(endpoints: Object) -> Object:
    """A slice with the metadata that each mirrored slice is to have."""
    name, annotations = endpoints["metadata"]["name"], endpoints["metadata"].get("annotations") or {}
    return {
        "annotations": {key: value for key, value in annotations.items() if key not in NOT_COPIED},
        "generateName": f"{name}-",
        "namespace": endpoints["metadata"]["namespace"],
        "labels": {**labels_of(endpoints), SERVICE_NAME: name, MANAGED_BY: MANAGER},
        "ownerReferences": owned_by(ENDPOINTS, endpoints),
    }
