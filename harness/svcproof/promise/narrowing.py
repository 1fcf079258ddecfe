"""The part of a world that a target concerns, so that an expectation costs the same however many Services there are."""

from dataclasses import replace

from svcproof.model.probe import Target
from svcproof.promise.doors import addresses_of
from svcproof.promise.world import Service, World


def narrowed(world: World, target: Target) -> World:
    """Leave out the Services that have neither the target's address nor its port as a node port, and their slices.

    Services to which an endpoint of those leads, since it has their address or node port, are kept without slices.
    """
    asked = {service.key for service in world.services if _is_at(service, {target.address}, {target.port})}
    slices = tuple(item for item in world.slices if f"{item.namespace}/{item.service}" in asked)
    addresses = {address for item in slices for endpoint in item.endpoints for address in endpoint.addresses}
    ports = {port.port for item in slices for port in item.ports}
    services = (item for item in world.services if item.key in asked or _is_at(item, addresses, ports))
    return replace(world, services=tuple(services), slices=slices)


def _is_at(service: Service, addresses: set[str], ports: set[int]) -> bool:
    return not addresses.isdisjoint(addresses_of(service)) or any(port.node_port in ports for port in service.ports)
