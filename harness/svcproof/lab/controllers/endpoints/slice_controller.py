"""Keeps the EndpointSlices of each Service that has a selector."""

from collections.abc import Iterable, Iterator
from functools import partial

from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Event, Key, itself
from svcproof.lab.controllers.endpoints.membership import ZONE, Ports, has_address
from svcproof.lab.controllers.endpoints.slices import MANAGER, Plan, carry_out, plan, service_of_slice, slices_of
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.controllers.selector import labels_of


class SliceController(Controller[Key]):
    """As kube-controller-manager's endpointslice-controller, which it can stand in for."""

    def __init__(self, client: Client, informers: Informers, rules: Rules) -> None:
        self._client = client
        self._informers = informers
        self._rules = rules
        super().__init__(
            "endpoint slices of",
            [
                (informers.services, itself),
                (informers.pods, partial(rules.services_of, informers.services.items)),
                (informers.nodes, self._services_if_zone_changed),
                (informers.slices, lambda event: service_of_slice(MANAGER, event.object)),
            ],
            self.reconcile,
        )

    async def reconcile(self, key: Key) -> None:
        """Bring the slices of one Service up to date."""
        service = self._informers.services.items.get(key)
        if service is None or not self._rules.gets_endpoints(service) or "deletionTimestamp" in service["metadata"]:
            return
        listed = await slices_of(MANAGER, self._client, key)
        existing = [part for part in listed if "deletionTimestamp" not in part["metadata"]]
        members = [pod for pod in self._informers.pods.items.values() if self._rules.selects(service, pod)]
        families = service["spec"].get("ipFamilies") or ["IPv4"]
        metadata = self._rules.template(service)
        for family in families:
            of_family = [part for part in existing if part["addressType"] == family]
            endpoints = self._rules.keep(self._rules.by_ports(self._endpoints(service, members, family)), of_family)
            await carry_out(self._client, plan(metadata, family, endpoints, of_family))
        others = tuple(part for part in existing if part["addressType"] not in families)
        await carry_out(self._client, Plan(delete=others))

    def _endpoints(self, service: Object, members: Iterable[Object], family: str) -> Iterator[tuple[Ports, Object]]:
        nodes = {name: node for (_, name), node in self._informers.nodes.items.items()}
        for pod in filter(has_address, members):
            endpoint = self._rules.endpoint(service, pod, nodes, family, self._rules.conditions)
            if endpoint is not None:
                yield self._rules.ports(service, pod), endpoint

    def _services_if_zone_changed(self, event: Event) -> Iterable[Key]:
        before = labels_of(event.old).get(ZONE) if event.old else None
        return tuple(self._informers.services.items) if before != labels_of(event.object).get(ZONE) else ()
