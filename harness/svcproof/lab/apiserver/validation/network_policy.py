"""NetworkPolicies: https://kubernetes.io/docs/concepts/services-networking/network-policies/ ."""

from functools import partial
from ipaddress import ip_network

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, forbidden, invalid, required
from svcproof.lab.apiserver.validation.label_selector import validate_selector
from svcproof.lab.apiserver.validation.service_ports import port_or_name

PROTOCOLS = ("TCP", "UDP", "SCTP")
TYPES = ("Ingress", "Egress")


def validate_network_policy(item: Object) -> list[Cause]:
    """Return what is wrong with a NetworkPolicy."""
    spec, types = item["spec"], item["spec"].get("policyTypes") or []
    causes = validate_selector(spec.get("podSelector") or {}, "spec.podSelector")
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction) or []):
            field = f"spec.{direction}[{index}]"
            causes += names.check_each(_port, rule.get("ports"), f"{field}.ports")
            causes += names.check_each(_peer, rule.get(side), f"{field}.{side}")
    if len(types) > len(TYPES):
        return [*causes, invalid("spec.policyTypes", types, "may not specify more than two policyTypes")]
    return [*causes, *names.check_each(partial(names.check_choice, TYPES), types, "spec.policyTypes")]


def _port(port: Object, field: str) -> list[Cause]:
    number, last = port.get("port"), port.get("endPort")
    causes = names.check_choice(PROTOCOLS, port["protocol"], f"{field}.protocol")
    if number is not None:
        causes += port_or_name(number, f"{field}.port")
    if last is None:
        return causes
    if number is None:
        causes.append(invalid(f"{field}.endPort", last, "may not be specified when `port` is not specified"))
    elif isinstance(number, str):
        causes.append(invalid(f"{field}.endPort", last, "may not be specified when `port` is non-numeric"))
    elif last < number:
        causes.append(invalid(f"{field}.endPort", number, "must be greater than or equal to `port`"))
    return [*causes, *names.check(names.port_number, last, f"{field}.endPort")]


def _peer(peer: Object, field: str) -> list[Cause]:
    causes: list[Cause] = []
    for key in ("podSelector", "namespaceSelector"):
        causes += validate_selector(peer.get(key) or {}, f"{field}.{key}")
    if not peer:
        causes.append(required(field, "must specify a peer"))
    if peer.get("ipBlock") is not None:
        causes += _block(peer["ipBlock"], f"{field}.ipBlock")
        if len(peer) > 1:
            causes.append(forbidden(field, "may not specify both ipBlock and another peer"))
    return causes


def _block(block: Object, field: str) -> list[Cause]:
    whole = block["cidr"]
    if not whole:
        return [required(f"{field}.cidr")]
    causes = names.check(names.address_range, whole, f"{field}.cidr")
    for index, part in enumerate(block.get("except") or []):
        part_field = f"{field}.except[{index}]"
        malformed = names.check(names.address_range, part, part_field)
        causes += malformed
        if not causes and not malformed and not _is_within(part, whole):
            causes.append(invalid(part_field, part, "must be a strict subset of `cidr`"))
    return causes


def _is_within(part: str, whole: str) -> bool:
    inner, outer = ip_network(part, strict=False), ip_network(whole, strict=False)
    within = inner.version == outer.version and inner.network_address in outer
    return within and inner.prefixlen > outer.prefixlen
