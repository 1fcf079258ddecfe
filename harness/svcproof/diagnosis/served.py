"""From the target of a probe to the Service that is served there, by what the API says, now or earlier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from svcproof.diagnosis.api_view import ApiView, Dated, Endpoint, ingress
from svcproof.model.probe import Protocol, Target

PROTOCOLS = {Protocol.TCP: "TCP", Protocol.HTTP: "TCP", Protocol.UDP: "UDP", Protocol.SCTP: "SCTP"}


@dataclass(frozen=True, slots=True)
class Served:
    """A Service at one of its addresses and ports: `door` says which address that is.

    `until` is the time from which the API no longer says so; None while it does.
    """

    service: Dated
    port: Mapping[str, Any]
    door: str
    until: float | None = None

    @property
    def title(self) -> str:
        """The Service, as an object."""
        return f"Service {self.service.name}"


def served(view: ApiView, target: Target) -> Served | None:
    """The Service that is, or else was last, served at a target; None where that is nobody's by what is known."""
    matches = sorted(
        _matches(view, target), key=lambda match: (match.until is None, match.until or 0.0, match.service.at)
    )
    return matches[-1] if matches else None


def _matches(view: ApiView, target: Target) -> Iterator[Served]:
    for key, states in view.history.items():
        if key[0] != "Service":
            continue
        for state, later in zip(states, (*states[1:], None), strict=True):
            until = later.at if later else state.at if state.state.deleted else None
            for door, port in _doors(view, state):
                address, number = door_of(door, port)
                if (address, number) == (target.address, target.port) and _protocol(port) == PROTOCOLS[target.protocol]:
                    yield Served(state, port, door[0], until)


def _doors(view: ApiView, dated: Dated) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    spec = dated.spec
    for port in spec.get("ports") or ():
        for address in spec.get("clusterIPs") or ():
            yield ("ClusterIP", address), port
        for address in spec.get("externalIPs") or ():
            yield ("externalIP", address), port
        for address in ingress(dated):
            yield ("load balancer address", address), port
        if port.get("nodePort"):
            for node in view.nodes:
                for address in node.addresses:
                    yield ("node port", address), port


def door_of(door: tuple[str, str], port: Mapping[str, Any]) -> tuple[str, int]:
    """The address and port number at a door."""
    return door[1], port["nodePort"] if door[0] == "node port" else port["port"]


def _protocol(port: Mapping[str, Any]) -> str:
    return str(port.get("protocol") or "TCP")


def port_endpoints(view: ApiView, match: Served) -> list[Endpoint]:
    """The endpoints of the Service at the port that is served there."""
    return [
        endpoint
        for endpoint in view.endpoints(match.service.state)
        if endpoint.port_name == (match.port.get("name") or "") and endpoint.protocol == _protocol(match.port)
    ]


def usable(endpoints: list[Endpoint]) -> list[Endpoint]:
    """The endpoints that get connections: those that are ready, or else those that are terminating and still serve."""
    ready = [endpoint for endpoint in endpoints if endpoint.ready]
    return ready or [endpoint for endpoint in endpoints if endpoint.serving and endpoint.terminating]


def local_only(match: Served, inside: bool) -> str:
    """The policy by which nodes use their own endpoints alone; empty where there is none.

    `inside` says that the client is in the cluster, for whom the policy for external traffic does not hold.
    """
    spec = match.service.spec
    if match.door == "ClusterIP":
        return "internalTrafficPolicy: Local" if spec.get("internalTrafficPolicy") == "Local" else ""
    local = spec.get("externalTrafficPolicy") == "Local"
    return "externalTrafficPolicy: Local" if local and (not inside or match.door == "node port") else ""


def is_within(address: str, ranges: Sequence[str]) -> bool:
    """True if an address is in one of these ranges."""
    return any(ip_address(address) in ip_network(each.strip(), strict=False) for each in ranges)
