"""Variables for Services: NAME_SERVICE_HOST, NAME_SERVICE_PORT and the older NAME_PORT_... of container links.

https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""

from collections.abc import Iterable
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.faults import kubelet as fault

Faults = frozenset[str]


def service_variables(services: Iterable[Object], namespace: str, *, links: bool, faults: Faults) -> dict[str, str]:
    """The variables of a container that starts in `namespace` while these Services exist.

    Without `links` (enableServiceLinks) only default/kubernetes gives some. `faults` names faults of the kubelet.
    """
    if fault.NO_SERVICE_VARIABLES.name in faults:
        return {}
    links = links or fault.LINKS_DESPITE_SETTING.name in faults
    chosen: dict[str, Object] = {}
    for service in services:
        name, owner = service["metadata"]["name"], service["metadata"]["namespace"]
        if not _has_address(service) and fault.HEADLESS_VARIABLES.name not in faults:
            continue
        if (owner == namespace or fault.VARIABLES_FROM_OTHER_NAMESPACES.name in faults) and links:
            chosen[name] = service
        elif (owner, name) == ("default", "kubernetes") and not _withheld(namespace, faults):
            chosen.setdefault(name, service)
    variables: dict[str, str] = {}
    for service in chosen.values():
        variables |= _of(service, faults)
    return variables


def _of(service: Object, faults: Faults) -> dict[str, str]:
    spec = service["spec"]
    host = spec.get("clusterIP", "")
    name = _word(service["metadata"]["name"], faults)
    ports = [_port(port, faults) for port in spec.get("ports", ())]
    if not ports:
        return {f"{name}_SERVICE_HOST": host}
    first = ports[-1 if fault.LAST_PORT_FIRST.name in faults else 0]
    variables = {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(first["port"])}
    for port in ports:
        if port.get("name") and fault.NO_NAMED_PORTS.name not in faults:
            variables[f"{name}_SERVICE_PORT_{_word(port['name'], faults)}"] = str(port["port"])
    variables[f"{name}_PORT"] = _url(host, first)
    for port in ports:
        prefix = f"{name}_PORT_{port['port']}_{port['protocol']}"
        variables |= {
            prefix: _url(host, port),
            f"{prefix}_PROTO": port["protocol"].lower(),
            f"{prefix}_PORT": str(port["port"]),
            f"{prefix}_ADDR": host,
        }
    return variables


def _port(port: dict[str, Any], faults: Faults) -> dict[str, Any]:
    number, name = port["port"], port.get("name", "")
    if fault.WRONG_SERVICE_PORT.name in faults:
        number = port.get("targetPort", number)
    if fault.NODE_PORT_IN_VARIABLES.name in faults:
        number = port.get("nodePort", number)
    if fault.UNNAMED_PORTS_NAMED.name in faults:
        name = name or str(number)
    protocol = "TCP" if fault.PROTOCOL_ALWAYS_TCP.name in faults else port.get("protocol", "TCP")
    return {"name": name, "port": number, "protocol": protocol}


def _url(host: str, port: dict[str, Any]) -> str:
    return f"{port['protocol'].lower()}://{f'[{host}]' if ':' in host else host}:{port['port']}"


def _word(name: str, faults: Faults) -> str:
    return name.upper() if fault.DASH_KEPT_IN_NAMES.name in faults else name.upper().replace("-", "_")


def _has_address(service: Object) -> bool:
    return service["spec"].get("clusterIP") not in (None, "", "None") and service["spec"].get("type") != "ExternalName"


def _withheld(namespace: str, faults: Faults) -> bool:
    return namespace != "default" and fault.KUBERNETES_WITHHELD.name in faults
