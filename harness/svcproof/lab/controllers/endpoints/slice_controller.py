"""Keeps the EndpointSlices of each Service that has a selector."""

from collections.abc import Iterable, Mapping, Sequence

from svcproof.api_kinds import ENDPOINT_SLICES
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Event, Key
from svcproof.lab.client.controller import Controller, itself
from svcproof.lab.controllers.endpoints.membership import (
    ZONE,
    Faults,
    Ports,
    endpoint,
    gets_endpoints,
    has_address,
    ports,
    selects,
)
from svcproof.lab.controllers.endpoints.slices import MANAGED_BY, MANAGER, SERVICE_NAME, Plan, plan, ports_of, template
from svcproof.lab.controllers.endpoints.writing import carry_out
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.faults import controllers as fault


class SliceController:
    """As kube-controller-manager's endpointslice-controller, which it can stand in for."""

    def __init__(self, client: Client, informers: Informers, faults: Faults) -> None:
        self._client = client
        self._informers = informers
        self._faults = faults

    async def run(self) -> None:
        """Work until cancelled."""
        sources = [
            (self._informers.services, itself),
            (self._informers.pods, self._services_of),
            (self._informers.nodes, self._services_if_zone_changed),
            (self._informers.slices, _service_of_slice),
        ]
        await Controller("endpoint slices of", sources, self.reconcile).run()

    async def reconcile(self, key: Key) -> None:
        """Bring the slices of one Service up to date."""
        service = self._informers.services.items.get(key)
        if service is None or not gets_endpoints(service, self._faults) or "deletionTimestamp" in service["metadata"]:
            return
        existing = await self._existing(service)
        members = [pod for pod in self._informers.pods.items.values() if selects(service, pod, self._faults)]
        families = service["spec"].get("ipFamilies") or ["IPv4"]
        metadata = template(service, labelled_headless=fault.NO_HEADLESS_LABEL.name not in self._faults)
        for family in families:
            of_family = [one for one in existing if one["addressType"] == family]
            wanted = self._wanted(service, members, family)
            if fault.ENDPOINTS_NEVER_REMOVED.name in self._faults:
                wanted = _with_former(wanted, of_family)
            await carry_out(self._client, plan(metadata, family, wanted, of_family))
        others = tuple(one for one in existing if one["addressType"] not in families)
        await carry_out(self._client, Plan(delete=others))

    def _wanted(self, service: Object, members: Iterable[Object], family: str) -> Mapping[Ports, Sequence[Object]]:
        """Endpoints by the ports they serve: pods may resolve a named port to different numbers."""
        nodes = {name: node for (_, name), node in self._informers.nodes.items.items()}
        wanted: dict[Ports, list[Object]] = {}
        for pod in members:
            found = endpoint(service, pod, nodes, family, self._faults) if has_address(pod) else None
            if found is None:
                continue
            served = ports(service, pod, self._faults)
            if wanted and fault.NAMED_PORT_OF_FIRST_POD.name in self._faults:
                served = next(iter(wanted))
            wanted.setdefault(served, []).append(found)
        return wanted

    async def _existing(self, service: Object) -> list[Object]:
        """Asked of the server: the informer may not know yet what was written a moment ago."""
        selector = f"{SERVICE_NAME}={service['metadata']['name']},{MANAGED_BY}={MANAGER}"
        found = await self._client.list(ENDPOINT_SLICES, service["metadata"]["namespace"], label_selector=selector)
        return [one for one in found["items"] if "deletionTimestamp" not in one["metadata"]]

    def _services_of(self, event: Event) -> Iterable[Key]:
        """The Services that have, or had, this pod."""
        states = [state for state in (event.object, event.old) if state]
        for key, service in self._informers.services.items.items():
            if gets_endpoints(service, self._faults) and any(selects(service, pod, self._faults) for pod in states):
                yield key

    def _services_if_zone_changed(self, event: Event) -> Iterable[Key]:
        before = labels_of(event.old).get(ZONE) if event.old else None
        return tuple(self._informers.services.items) if before != labels_of(event.object).get(ZONE) else ()


def _service_of_slice(event: Event) -> Iterable[Key]:
    labels = labels_of(event.object)
    return ((event.key[0], labels[SERVICE_NAME]),) if labels.get(MANAGED_BY) == MANAGER else ()


def _with_former(wanted: Mapping[Ports, Sequence[Object]], existing: Sequence[Object]) -> dict[Ports, Sequence[Object]]:
    """The fault: whatever was an endpoint once, as it was."""
    current = {tuple(one["addresses"]) for endpoints in wanted.values() for one in endpoints}
    joined: dict[Ports, Sequence[Object]] = dict(wanted)
    for former in existing:
        gone = [one for one in former.get("endpoints") or () if tuple(one["addresses"]) not in current]
        if gone:
            joined[ports_of(former)] = [*joined.get(ports_of(former), ()), *gone]
    return joined
