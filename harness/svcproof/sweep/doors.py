"""The doors of Services: each address, port and protocol at which one is reached."""

from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.model.probe import Protocol, Target
from svcproof.promise.doors import Kind
from svcproof.promise.world import Port, Service, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One way to a Service: an address of a kind, a port and a protocol."""

    target: Target
    kind: Kind | None = None
    """None for an address that is asked though no Service has it now."""
    service: str = ""
    """The key of the Service; empty where `kind` is None."""
    node: str = ""
    """The node whose address it is, of a node port."""

    @property
    def heading(self) -> tuple[str, str, str]:
        """Its kind, its place, and its port: three lines at the head of a column."""
        place = f"at {self.node}" if self.node else self.target.address
        return (self.kind or "address", place, f"{self.target.port}/{self.target.protocol}")


def doors(world: World, *services: Service) -> tuple[Door, ...]:
    """All doors of these Services: ClusterIPs, node ports at each node, addresses of load balancers, externalIPs."""
    return tuple(
        door for service in services for port in service.ports for door in _doors(world, service, port) if _asked(port)
    )


def _asked(port: Port) -> bool:
    return port.protocol in (Protocol.TCP, Protocol.UDP)


def _doors(world: World, service: Service, port: Port) -> Iterator[Door]:
    def at(address: str, kind: Kind, number: int = port.port, node: str = "") -> Door:
        return Door(target=Target(address, number, port.protocol), kind=kind, service=service.key, node=node)

    yield from (at(address, Kind.CLUSTER_IP) for address in service.cluster_ips if address != "None")
    families = {family_of(address) for address in service.cluster_ips} & {"IPv4", "IPv6"}
    for node in world.nodes if port.node_port else ():
        for address in node.addresses:
            if family_of(address) in families:
                yield at(address, Kind.NODE_PORT, port.node_port, node.name)
    yield from (at(ingress.address, Kind.LOAD_BALANCER) for ingress in service.ingress if family_of(ingress.address))
    yield from (at(address, Kind.EXTERNAL_IP) for address in service.external_ips)


def family_of(address: str) -> str:
    """IPv4 or IPv6; empty for what is no address, such as a name or the word None."""
    if ":" in address:
        return "IPv6"
    return "IPv4" if address.replace(".", "").isdigit() else ""
