"""Keeps the mirrored EndpointSlices of Endpoints that somebody made by hand."""

from collections.abc import Iterable

from svcproof.api_kinds import ENDPOINT_SLICES
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Event, Key
from svcproof.lab.client.controller import Controller, itself
from svcproof.lab.controllers.endpoints.mirror import MANAGER, mirror, template
from svcproof.lab.controllers.endpoints.slices import MANAGED_BY, SERVICE_NAME, Plan, plan
from svcproof.lab.controllers.endpoints.writing import carry_out
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.controllers.selector import labels_of


class MirrorController:
    """As kube-controller-manager's endpointslicemirroring-controller."""

    def __init__(self, client: Client, informers: Informers, rules: Rules) -> None:
        self._client = client
        self._informers = informers
        self._rules = rules

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
        mirrored = endpoints is not None and service is not None and self._rules.is_mirrored(endpoints, service)
        if not mirrored and not any(key in _mirrored_key(part) for part in self._informers.slices.items.values()):
            return
        selector = f"{SERVICE_NAME}={key[1]},{MANAGED_BY}={MANAGER}"
        existing = (await self._client.list(ENDPOINT_SLICES, key[0], label_selector=selector))["items"]
        by_family = mirror(endpoints) if endpoints is not None and mirrored else {}
        for family in ("IPv4", "IPv6"):
            of_family = [part for part in existing if part["addressType"] == family]
            if endpoints is not None and family in by_family:
                await carry_out(self._client, plan(template(endpoints), family, by_family[family], of_family))
            else:
                await carry_out(self._client, Plan(delete=tuple(of_family)))


def _mirrored(event: Event) -> Iterable[Key]:
    return _mirrored_key(event.object)


def _mirrored_key(endpoint_slice: Object) -> Iterable[Key]:
    labels, namespace = labels_of(endpoint_slice), endpoint_slice["metadata"]["namespace"]
    return ((namespace, labels[SERVICE_NAME]),) if labels.get(MANAGED_BY) == MANAGER else ()
