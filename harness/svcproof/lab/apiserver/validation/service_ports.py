"""Ports of Services."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, required

PROTOCOLS = ("SCTP", "TCP", "UDP")


def validate_service_ports(spec: Object) -> list[Cause]:
    """Return what is wrong with each port by itself, and with their names together."""
    causes: list[Cause] = []
    ports = spec.get("ports") or []
    taken_names: set[str] = set()
    for index, port in enumerate(ports):
        field, name = f"spec.ports[{index}]", port.get("name", "")
        if len(ports) > 1 and not name:
            causes.append(required(f"{field}.name"))
        elif name:
            causes += names.check(names.dns_label, name, f"{field}.name")
            causes += names.check_new(name, taken_names, f"{field}.name")
        causes += names.check(names.port_number, port["port"], f"{field}.port")
        causes += protocol(port, field)
        causes += port_or_name(port["targetPort"], f"{field}.targetPort")
        causes += names.check_optional(names.qualified_name, port, ("appProtocol",), field)
    return causes


def protocol(port: Object, field: str) -> list[Cause]:
    """Return what is wrong with the protocol of a port."""
    if not port.get("protocol"):
        return [required(f"{field}.protocol")]
    return names.check_choice(PROTOCOLS, port["protocol"], f"{field}.protocol")


def port_or_name(value: int | str, field: str) -> list[Cause]:
    """Return what is wrong with a targetPort, or with the port of a probe."""
    if isinstance(value, int):
        return names.check(names.port_number, value, field)
    return names.check(names.port_name, value, field)
