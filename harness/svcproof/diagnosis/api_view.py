"""The API's side of a check: its Services, EndpointSlices and pods as the API server had them, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from svcproof.model.circumstance import Circumstance, ObjectState, Place

OWNER = "kubernetes.io/service-name"
Key = tuple[str, str, str]
"""Kind, namespace and name."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint in an EndpointSlice, at one of its ports; `pod` is empty where it refers to none."""

    address: str
    port: int | None
    port_name: str
    protocol: str
    ready: bool
    serving: bool
    terminating: bool
    node: str
    pod: str
    slice: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A state of an object and its time, in seconds since the check began."""

    at: float
    state: ObjectState

    @property
    def name(self) -> str:
        """The object's name."""
        return self.state.name

    @property
    def spec(self) -> Mapping[str, Any]:
        """Its spec; empty where it has none."""
        return self.state.content.get("spec") or {}


class ApiView:
    """The objects of a check by its circumstances; those that are gone are known too."""

    def __init__(self, circumstances: Sequence[Circumstance]) -> None:
        self.history: dict[Key, list[Dated]] = {}
        self.places: tuple[Place, ...] = tuple(each.place for each in circumstances if each.place)
        for each in circumstances:
            if (state := each.state) is not None:
                key = (state.kind, state.namespace, state.name)
                self.history.setdefault(key, []).append(Dated(each.at, state))

    @property
    def nodes(self) -> tuple[Place, ...]:
        """The nodes."""
        return tuple(place for place in self.places if not place.outside)

    def every(self, kind: str) -> Iterator[Dated]:
        """Yield the last state of each object of a kind, of those that are gone too, the newest first."""
        last = [states[-1] for key, states in self.history.items() if key[0] == kind]
        return iter(sorted(last, key=lambda dated: dated.at, reverse=True))

    def existing(self, kind: str) -> Iterator[Dated]:
        """Yield the last state of each object of a kind that is there."""
        return (dated for dated in self.every(kind) if not dated.state.deleted)

    def states(self, kind: str, name: str) -> list[Dated]:
        """The states of the objects of this kind and name, the oldest first."""
        return [state for key, states in self.history.items() if (key[0], key[2]) == (kind, name) for state in states]

    def pod(self, name: str) -> Dated | None:
        """The last state of the pod of this name."""
        return next((states[-1] for key, states in self.history.items() if (key[0], key[2]) == ("Pod", name)), None)

    def slices(self, service: ObjectState) -> list[Dated]:
        """The EndpointSlices of a Service that are there."""
        return [
            dated
            for dated in self.existing("EndpointSlice")
            if dated.state.namespace == service.namespace and labels(dated.state).get(OWNER) == service.name
        ]

    def endpoints(self, service: ObjectState) -> list[Endpoint]:
        """The endpoints in the EndpointSlices of a Service, one for each port."""
        return [endpoint for dated in self.slices(service) for endpoint in endpoints_in(dated.state)]

    def owner(self, address: str) -> str:
        """The name of the node, client outside or pod that has an address; empty where nobody known has it."""
        for place in self.places:
            if address in place.addresses:
                return place.name
        return next((dated.name for dated in self.every("Pod") if address in pod_addresses(dated.state)), "")

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of a node, client outside or pod; none where nobody known is called so."""
        known = next((place.addresses for place in self.places if place.name == name), ())
        dated = self.pod(name)
        return known or (pod_addresses(dated.state) if dated else ())

    def pod_of(self, endpoint: Endpoint) -> str:
        """The pod of an endpoint: what it refers to, or who has its address."""
        return endpoint.pod or self.owner(endpoint.address)


def labels(state: ObjectState) -> Mapping[str, str]:
    """The labels of an object."""
    return (state.content.get("metadata") or {}).get("labels") or {}


def pod_addresses(state: ObjectState) -> tuple[str, ...]:
    """The addresses of a pod."""
    return tuple(each["ip"] for each in (state.content.get("status") or {}).get("podIPs") or ())


def endpoints_in(state: ObjectState) -> Iterator[Endpoint]:
    """Yield the endpoints in an EndpointSlice, one for each port."""
    for entry in state.content.get("endpoints") or ():
        conditions = entry.get("conditions") or {}
        ready = conditions.get("ready") is not False
        for address in entry.get("addresses") or ():
            for port in state.content.get("ports") or [{}]:
                yield Endpoint(
                    address=address,
                    port=port.get("port"),
                    port_name=port.get("name") or "",
                    protocol=port.get("protocol") or "TCP",
                    ready=ready,
                    serving=conditions.get("serving", ready) is not False,
                    terminating=conditions.get("terminating") is True,
                    node=entry.get("nodeName") or "",
                    pod=(entry.get("targetRef") or {}).get("name") or "",
                    slice=state.name,
                )


def ingress(service: Dated) -> tuple[str, ...]:
    """The load balancer addresses in a Service's status."""
    status = (service.state.content.get("status") or {}).get("loadBalancer") or {}
    return tuple(entry["ip"] for entry in status.get("ingress") or () if entry.get("ip"))
