"""The addresses and ports of a Service: taken at its creation, kept in updates, given back at its deletion."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.allocation.families import settle_families
from svcproof.lab.apiserver.allocation.inheritance import inherit
from svcproof.lab.apiserver.allocation.pools import Claim, Pools, TakenError
from svcproof.lab.apiserver.errors import ApiError, internal_error, invalid, unprocessable
from svcproof.lab.apiserver.services import (
    has_cluster_ip,
    has_health_check,
    has_node_ports,
    node_ports,
    wants_node_ports,
)


def claim_for_creation(pools: Pools, service: Object) -> Claim:
    """Fill in the numbers of a new Service, in place; raises ApiError, with nothing taken."""
    spec = service["spec"]
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]
    claim = Claim(pools)
    try:
        settle_families(pools, service, None)
        _take_addresses(claim, service)
        if has_node_ports(spec):
            _take_ports(claim, service, old_ports=frozenset())
        if has_health_check(spec):
            _take_health_check(claim, service)
    except ApiError:
        claim.undo()
        raise
    return claim


def claim_for_update(pools: Pools, service: Object, old: Object) -> Claim:
    """Fill in the numbers of a changed Service, in place; raises ApiError, with nothing taken."""
    inherit(service, old)
    spec, old_spec = service["spec"], old["spec"]
    claim = Claim(pools)
    try:
        settle_families(pools, service, old)
        _update_addresses(claim, service, old_spec)
        _update_ports(claim, service, old_spec)
    except ApiError:
        claim.undo()
        raise
    if has_health_check(old_spec) and not has_health_check(spec) and old_spec.get("healthCheckNodePort"):
        claim.release_port(old_spec["healthCheckNodePort"])
    return claim


def release(pools: Pools, service: Object) -> None:
    """Give back the addresses and ports of a deleted Service."""
    spec, claim = service["spec"], Claim(pools)
    for address in spec.get("clusterIPs") or []:
        if address != "None":
            claim.release_address(address)
    for port in node_ports(spec):
        claim.release_port(port)
    if spec.get("healthCheckNodePort"):
        claim.release_port(spec["healthCheckNodePort"])
    claim.keep()


def _take_addresses(claim: Claim, service: Object, first: int = 0) -> None:
    """Take an address for each family, beginning with number `first`."""
    spec = service["spec"]
    addresses: list[str] = list(spec.get("clusterIPs") or [])
    if not has_cluster_ip(spec) or addresses[:1] == ["None"]:
        return
    for index, family in enumerate(spec["ipFamilies"]):
        if index < first:
            continue
        address = addresses[index] if index < len(addresses) else ""
        try:
            addresses[index:] = [claim.address(family, address), *addresses[index + 1 :]]
        except TakenError as error:
            what = f"failed to allocate IP {address}: {error}" if address else f"failed to allocate IP: {error}"
            raise _invalid_service(service, "spec.clusterIPs", spec.get("clusterIPs") or [""], what) from error
    spec["clusterIPs"], spec["clusterIP"] = addresses, addresses[0]


def _update_addresses(claim: Claim, service: Object, old_spec: Object) -> None:
    spec = service["spec"]
    old_addresses: list[str] = old_spec.get("clusterIPs") or []
    if not has_cluster_ip(old_spec):
        _take_addresses(claim, service)
    elif old_addresses[:1] == ["None"]:
        return
    elif not has_cluster_ip(spec):
        for address in old_addresses:
            claim.release_address(address)
    elif len(spec["ipFamilies"]) > len(old_addresses):
        _take_addresses(claim, service, first=len(old_addresses))
    else:
        for address in old_addresses[len(spec["ipFamilies"]) :]:
            claim.release_address(address)


def _update_ports(claim: Claim, service: Object, old_spec: Object) -> None:
    spec = service["spec"]
    old_ports = frozenset(node_ports(old_spec))
    if has_node_ports(spec):
        _take_ports(claim, service, old_ports)
        for port in old_ports - set(node_ports(spec)):
            claim.release_port(port)
    elif has_node_ports(old_spec):
        for port in old_ports:
            claim.release_port(port)
    if has_health_check(spec) and not has_health_check(old_spec):
        _take_health_check(claim, service)


def _take_ports(claim: Claim, service: Object, old_ports: frozenset[int]) -> None:
    """Give each port a node port; ports of one number share it."""
    spec = service["spec"]
    ports = spec.get("ports") or []
    requested = {port["port"]: port["nodePort"] for port in reversed(ports) if port.get("nodePort")}
    assigned: dict[int, int] = {}
    for index, port in enumerate(ports):
        number = port["port"]
        node_port = port.get("nodePort") or assigned.get(number) or requested.get(number, 0)
        if not node_port and not wants_node_ports(spec):
            continue
        if node_port in old_ports or (node_port and node_port == assigned.get(number)):
            port["nodePort"] = node_port
            continue
        try:
            port["nodePort"] = claim.port(node_port)
        except TakenError as error:
            if not node_port:
                raise internal_error(f"failed to allocate a nodePort: {error}") from error
            raise _invalid_service(service, f"spec.ports[{index}].nodePort", node_port, str(error)) from error
        assigned.setdefault(number, port["nodePort"])


def _take_health_check(claim: Claim, service: Object) -> None:
    port = service["spec"].get("healthCheckNodePort", 0)
    try:
        service["spec"]["healthCheckNodePort"] = claim.port(port)
    except TakenError as error:
        raise internal_error(f"failed to allocate requested HealthCheck NodePort {port}: {error}") from error


def _invalid_service(service: Object, field: str, value: object, why: str) -> ApiError:
    return unprocessable("Service", "", service["metadata"].get("name", ""), [invalid(field, value, why)])
