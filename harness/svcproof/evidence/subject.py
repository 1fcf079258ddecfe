"""The Services that a check is about, with their addresses and ports: what evidence is cut to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.model.cluster import Node
from svcproof.model.probe import Target

End = tuple[str, int]
"""An address and a port."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The Services of a check as `namespace/name`, the ends at which they are reached, and those of their endpoints.

    `node_ports` are answered at all addresses of nodes; `ends` has these too, where nodes are known. `clients` are
    addresses of those who probed.
    """

    names: frozenset[str] = frozenset()
    ends: frozenset[End] = frozenset()
    endpoints: frozenset[End] = frozenset()
    node_ports: frozenset[int] = frozenset()
    clients: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    """Addresses of nodes, which are everybody's."""

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that are its own: of a node's address there is more to say than of this Service."""
        return frozenset(address for address, _ in self.ends) - self.nodes

    @property
    def is_known(self) -> bool:
        """True if there is anything to cut to."""
        return bool(self.names or self.ends)

    @property
    def title(self) -> str:
        """The Services in words."""
        return ", ".join(sorted(self.names)) or "no Service"

    @property
    def endpoint_addresses(self) -> frozenset[str]:
        """The addresses of its endpoints."""
        return frozenset(address for address, _ in self.endpoints)


def subject(
    names: Iterable[str],
    services: Iterable[Object],
    slices: Iterable[Object],
    targets: Iterable[Target],
    clients: Iterable[str],
    nodes: Iterable[Node],
) -> Subject:
    """The subject of a check: `names` has deleted Services too, `targets` is where it probed."""
    services = tuple(services)
    node_addresses = frozenset(address for node in nodes for address in node.addresses)
    endpoints = frozenset(end for piece in slices for end in _endpoints(piece))
    node_ports = frozenset(port["nodePort"] for service in services for port in _ports(service) if "nodePort" in port)
    own = {
        (address, port["port"]) for service in services for address in _addresses(service) for port in _ports(service)
    }
    on_nodes = {(address, port) for address in node_addresses for port in node_ports}
    probed = {(target.address, target.port) for target in targets} - endpoints
    return Subject(
        names=frozenset(names) | {_name(service) for service in services},
        ends=frozenset(own | on_nodes | probed),
        endpoints=endpoints,
        node_ports=node_ports | {port for address, port in probed if address in node_addresses},
        clients=frozenset(clients),
        nodes=node_addresses,
    )


def mention_of_addresses(addresses: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of these addresses in a line, whatever prefix or port follows; None for no addresses."""
    words = [re.escape(address) + (r"(?![\w:])" if ":" in address else r"(?!\w|\.\d)") for address in sorted(addresses)]
    return re.compile(rf"(?<![\w.:])(?:{'|'.join(words)})") if words else None


def mention_of_names(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of these `namespace/name` in a line, not as part of a longer name; None for no names."""
    words = [re.escape(name) for name in sorted(names)]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?![\w.-])") if words else None


def mention_of_ports(ports: Iterable[int]) -> re.Pattern[str] | None:
    """A pattern that finds any of these numbers in a line, alone; None for no ports."""
    words = [str(port) for port in sorted(ports)]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?![\w.])") if words else None


def _name(service: Object) -> str:
    return f"{service['metadata']['namespace']}/{service['metadata']['name']}"


def _ports(service: Object) -> list[Object]:
    return service["spec"].get("ports") or []


def _ends(service: Object) -> set[End]:
    return {(address, port["port"]) for address in _addresses(service) for port in _ports(service)}


def _addresses(service: Object) -> set[str]:
    spec = service["spec"]
    ingress = (service.get("status") or {}).get("loadBalancer", {}).get("ingress") or ()
    return {
        *(address for address in spec.get("clusterIPs") or () if address != "None"),
        *(spec.get("externalIPs") or ()),
        *(entry["ip"] for entry in ingress if entry.get("ip")),
    }


def _endpoints(piece: Object) -> set[End]:
    return {
        (address, port["port"])
        for endpoint in piece.get("endpoints") or ()
        for address in endpoint["addresses"]
        for port in piece.get("ports") or ()
        if port.get("port")
    }
