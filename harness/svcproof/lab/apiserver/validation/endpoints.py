"""Endpoints: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required
from svcproof.lab.apiserver.validation.service_ports import protocol

MALFORMED = "must be a valid IP address"


def validate_endpoints(item: Object) -> list[Cause]:
    """Return what is wrong with Endpoints."""
    causes: list[Cause] = []
    for index, subset in enumerate(item.get("subsets") or []):
        causes += _subset(subset, f"subsets[{index}]")
    return causes


def validate_endpoints_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: unchanged subsets are not checked again."""
    return [] if item.get("subsets") == old.get("subsets") else validate_endpoints(item)


def _subset(subset: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    if not subset.get("addresses") and not subset.get("notReadyAddresses"):
        causes.append(required(field, "must specify `addresses` or `notReadyAddresses`"))
    for key in ("addresses", "notReadyAddresses"):
        for index, address in enumerate(subset.get(key) or []):
            causes += _address(address, f"{field}.{key}[{index}]")
    ports = subset.get("ports") or []
    for index, port in enumerate(ports):
        causes += _port(port, f"{field}.ports[{index}]", named=len(ports) > 1)
    return causes


def _address(address: Object, field: str) -> list[Cause]:
    ip = address["ip"]
    problems = names.address(ip)
    causes = names.check(names.address, ip, f"{field}.ip")
    if address.get("hostname"):
        causes += names.check(names.dns_label, address["hostname"], f"{field}.hostname")
    if address.get("nodeName") is not None:
        causes += names.check(names.dns_subdomain, address["nodeName"], f"{field}.nodeName")
    if not problems:
        causes += names.check(names.endpoint_address, ip, f"{field}.ip")
    elif problems[0].startswith(MALFORMED):
        # A real server checks the address twice, and says so twice.
        causes.append(invalid(f"{field}.ip", ip, MALFORMED))
    return causes


def _port(port: Object, field: str, *, named: bool) -> list[Cause]:
    name, causes = port.get("name", ""), list[Cause]()
    if name:
        causes += names.check(names.dns_label, name, f"{field}.name")
    elif named:
        causes.append(required(f"{field}.name"))
    causes += names.check(names.port_number, port["port"], f"{field}.port")
    causes += protocol(port, field)
    if port.get("appProtocol") is not None:
        causes += names.check(names.qualified_name, port["appProtocol"], f"{field}.appProtocol")
    return causes
