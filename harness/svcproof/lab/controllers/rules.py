"""The rules by which controllers make endpoints, as values that can be exchanged one by one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.client import Event, Key
from svcproof.lab.controllers.endpoints.membership import (
    ByPorts,
    Conditions,
    Ports,
    by_ports,
    conditions,
    endpoint,
    gets_endpoints,
    is_mirrored,
    ports,
    selects,
)
from svcproof.lab.controllers.endpoints.slices import template


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Pure functions, from Services and pods to EndpointSlices."""

    gets_endpoints: Callable[[Object], bool] = gets_endpoints
    selects: Callable[[Object, Object], bool] = selects
    ports: Callable[[Object, Object], Ports] = ports
    conditions: Conditions = conditions
    endpoint: Callable[[Object, Object, Mapping[str, Object], str, Conditions], Object | None] = endpoint
    by_ports: Callable[[Iterable[tuple[Ports, Object]]], ByPorts] = by_ports
    keep: Callable[[ByPorts, Sequence[Object]], ByPorts] = lambda current, slices: current
    """The endpoints to publish, from those that a Service has now and the slices with those it had."""
    template: Callable[[Object], Object] = template
    is_mirrored: Callable[[Object, Object], bool] = is_mirrored

    def services_of(self, services: Mapping[Key, Object], event: Event) -> Iterator[Key]:
        """Yield the keys of the Services that have, or had, the pod of an event."""
        states = [state for state in (event.object, event.old) if state]
        for key, service in services.items():
            if self.gets_endpoints(service) and any(self.selects(service, pod) for pod in states):
                yield key
