"""Endpoints and EndpointSlices: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ ."""

from functools import partial
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required, too_many
from svcproof.lab.apiserver.validation.service_ports import protocol

MALFORMED = "must be a valid IP address"
TYPES = ("FQDN", "IPv4", "IPv6")
MOST_ENDPOINTS = 1000
MOST_PORTS = 20000
MOST_ADDRESSES = 100


def validate_endpoints(item: Object) -> list[Cause]:
    """Return what is wrong with Endpoints."""
    return names.check_each(_subset, item.get("subsets"), "subsets")


def validate_endpoints_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: unchanged subsets are not checked again."""
    return [] if item.get("subsets") == old.get("subsets") else validate_endpoints(item)


def _subset(subset: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    if not subset.get("addresses") and not subset.get("notReadyAddresses"):
        causes.append(required(field, "must specify `addresses` or `notReadyAddresses`"))
    for key in ("addresses", "notReadyAddresses"):
        causes += names.check_each(_address, subset.get(key), f"{field}.{key}")
    ports = subset.get("ports") or []
    return [*causes, *names.check_each(partial(_port, named=len(ports) > 1), ports, f"{field}.ports")]


def _address(address: Object, field: str) -> list[Cause]:
    ip = address["ip"]
    problems = names.address(ip)
    causes = names.check(names.address, ip, f"{field}.ip")
    causes += names.check_optional(names.dns_label, address, ("hostname",), field)
    causes += names.check_optional(names.dns_subdomain, address, ("nodeName",), field)
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
    return [*causes, *names.check_optional(names.qualified_name, port, ("appProtocol",), field)]


def validate_endpoint_slice(item: Object) -> list[Cause]:
    """Return what is wrong with an EndpointSlice, whether new or changed."""
    kind = item.get("addressType", "")
    causes = names.check_choice(TYPES, kind, "addressType") if kind else [required("addressType")]
    return [*causes, *_ports(item.get("ports") or []), *_endpoints(item.get("endpoints") or [], kind)]


def validate_endpoint_slice_update(item: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change."""
    causes = validate_endpoint_slice(item)
    if item.get("addressType") != old.get("addressType"):
        causes.append(invalid("addressType", item.get("addressType"), "field is immutable"))
    return causes


def _ports(ports: list[Object]) -> list[Cause]:
    if len(ports) > MOST_PORTS:
        return [too_many("ports", len(ports), MOST_PORTS)]
    causes: list[Cause] = []
    taken_names: set[str] = set()
    for index, port in enumerate(ports):
        field, name = f"ports[{index}]", port["name"]
        if name:
            causes += names.check(names.dns_label, name, f"{field}.name")
        causes += names.check_new(name, taken_names, f"{field}.name")
        causes += protocol(port, field)
        causes += names.check_optional(names.qualified_name, port, ("appProtocol",), field)
    return causes


def _endpoints(endpoints: list[Object], kind: str) -> list[Cause]:
    if len(endpoints) > MOST_ENDPOINTS:
        return [too_many("endpoints", len(endpoints), MOST_ENDPOINTS)]
    causes: list[Cause] = []
    for index, endpoint in enumerate(endpoints):
        field = f"endpoints[{index}]"
        causes += _addresses(endpoint.get("addresses") or [], kind, f"{field}.addresses")
        causes += names.check_optional(names.dns_subdomain, endpoint, ("nodeName",), field)
        causes += names.check_optional(names.dns_label, endpoint, ("hostname",), field)
        causes += _hints(endpoint.get("hints") or {}, f"{field}.hints")
    return causes


def _addresses(addresses: list[str], kind: str, field: str) -> list[Cause]:
    if not addresses:
        return [required(field, "must contain at least 1 address")]
    if len(addresses) > MOST_ADDRESSES:
        return [too_many(field, len(addresses), MOST_ADDRESSES)]
    causes: list[Cause] = []
    for index, address in enumerate(addresses):
        address_field = f"{field}[{index}]"
        if kind == "FQDN":
            causes += names.check(names.dns_subdomain, address, address_field)
        elif kind in TYPES:
            malformed = names.check(names.address, address, address_field)
            if not malformed and f"IPv{ip_address(address).version}" != kind:
                causes.append(invalid(field, address, f"must be an {kind} address"))
            causes += malformed or names.check(names.endpoint_address, address, address_field)
    return causes


def _hints(hints: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    zones: set[str] = set()
    for index, zone in enumerate(hints.get("forZones") or []):
        name_field, name = f"{field}.forZones[{index}].name", zone["name"]
        causes += names.check_new(name, zones, name_field)
        causes += names.check(names.label_value, name, name_field)
    return causes
