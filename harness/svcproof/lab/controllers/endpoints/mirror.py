"""Mirrors Endpoints that somebody made by hand to EndpointSlices, which is where proxies look.

https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring
"""

from collections.abc import Iterable, Mapping, Sequence

from svcproof.api_kinds import ENDPOINT_SLICES, ENDPOINTS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Event, Key
from svcproof.lab.client.controller import Controller, itself
from svcproof.lab.controllers.endpoints.membership import Faults, Port, Ports, family_of
from svcproof.lab.controllers.endpoints.slices import MANAGED_BY, SERVICE_NAME, Plan, plan
from svcproof.lab.controllers.endpoints.writing import carry_out
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.owner import owned_by
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.faults import controllers as fault

MANAGER = "endpointslicemirroring-controller.k8s.io"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
NOT_COPIED = {"kubectl.kubernetes.io/last-applied-configuration", "endpoints.kubernetes.io/last-change-trigger-time"}
LEADER = "control-plane.alpha.kubernetes.io/leader"


class MirrorController:
    """As kube-controller-manager's endpointslicemirroring-controller."""

    def __init__(self, client: Client, informers: Informers, faults: Faults) -> None:
        self._client = client
        self._informers = informers
        self._faults = faults

    async def run(self) -> None:
        """Work until cancelled."""
        sources = [
            (self._informers.endpoints, itself),
            (self._informers.services, itself),
            (self._informers.slices, _mirrored),
        ]
        await Controller("mirror of", sources, self.reconcile).run()

    async def reconcile(self, key: Key) -> None:
        """Bring the mirrored slices of one Endpoints object up to date."""
        endpoints = self._informers.endpoints.items.get(key)
        service = self._informers.services.items.get(key)
        wanted = self._is_mirrored(endpoints, service)
        if not wanted and not any(key in _mirrored_key(one) for one in self._informers.slices.items.values()):
            return
        selector = f"{SERVICE_NAME}={key[1]},{MANAGED_BY}={MANAGER}"
        existing = (await self._client.list(ENDPOINT_SLICES, key[0], label_selector=selector))["items"]
        mirrored = mirror(endpoints) if endpoints is not None and wanted else {}
        for family in ("IPv4", "IPv6"):
            of_family = [one for one in existing if one["addressType"] == family]
            if endpoints is not None and family in mirrored:
                await carry_out(self._client, plan(_template(endpoints), family, mirrored[family], of_family))
            else:
                await carry_out(self._client, Plan(delete=tuple(of_family)))

    def _is_mirrored(self, endpoints: Object | None, service: Object | None) -> bool:
        if endpoints is None or service is None or fault.NO_MIRRORING.name in self._faults:
            return False
        skipped = labels_of(endpoints).get(SKIP) == "true" or LEADER in (endpoints["metadata"].get("annotations") or {})
        return not skipped and not service["spec"].get("selector")


def mirror(endpoints: Object) -> Mapping[str, Mapping[Ports, Sequence[Object]]]:
    """What the slices of an Endpoints object are to hold, by family and ports."""
    found: dict[str, dict[Ports, list[Object]]] = {}
    for subset in endpoints.get("subsets") or ():
        ports = tuple(
            Port(one.get("name", ""), one.get("protocol", "TCP"), one["port"], one.get("appProtocol"))
            for one in subset.get("ports") or ()
        )
        for which, ready in (("addresses", True), ("notReadyAddresses", False)):
            for address in subset.get(which) or ():
                kept = {key: address[key] for key in ("hostname", "nodeName", "targetRef") if key in address}
                one = {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}
                found.setdefault(family_of(address["ip"]), {}).setdefault(ports, []).append(one)
    return found


def _template(endpoints: Object) -> Object:
    name, annotations = endpoints["metadata"]["name"], endpoints["metadata"].get("annotations") or {}
    return {
        "annotations": {key: value for key, value in annotations.items() if key not in NOT_COPIED},
        "generateName": f"{name}-",
        "namespace": endpoints["metadata"]["namespace"],
        "labels": {**labels_of(endpoints), SERVICE_NAME: name, MANAGED_BY: MANAGER},
        "ownerReferences": owned_by(ENDPOINTS, endpoints),
    }


def _mirrored(event: Event) -> Iterable[Key]:
    return _mirrored_key(event.object)


def _mirrored_key(one: Object) -> Iterable[Key]:
    labels = labels_of(one)
    return ((one["metadata"]["namespace"], labels[SERVICE_NAME]),) if labels.get(MANAGED_BY) == MANAGER else ()
