"""Variables for Services: NAME_SERVICE_HOST, NAME_SERVICE_PORT and the older NAME_PORT_... of container links.

https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
"""

from collections.abc import Callable, Collection, Iterable

from svcproof.json_objects import Object

Word = Callable[[str], str]
"""Makes a part of a variable's name of the name of a Service or a port."""


def namespaces(own: str) -> Collection[str | None]:
    """The namespaces whose Services give variables to pods of the namespace `own`; None stands for all."""
    return {own, "default"}


def gives_variables(service: Object) -> bool:
    """True if a Service has a ClusterIP to tell."""
    return service["spec"].get("clusterIP") not in (None, "", "None") and service["spec"].get("type") != "ExternalName"


def word(name: str) -> str:
    """Spell a name in capital letters, with underscores for dashes."""
    return name.upper().replace("-", "_")


def service_variables(pod: Object, container: Object, services: Iterable[Object], word: Word) -> dict[str, str]:
    """The variables of a container of the pod that starts while these Services exist.

    With enableServiceLinks: false only default/kubernetes gives some.
    """
    namespace, links = pod["metadata"]["namespace"], pod["spec"].get("enableServiceLinks", True)
    by_name: dict[str, Object] = {}
    for service in services:
        name, owner = service["metadata"]["name"], service["metadata"]["namespace"]
        if owner == namespace and links:
            by_name[name] = service
        elif (owner, name) == ("default", "kubernetes"):
            by_name.setdefault(name, service)
    variables: dict[str, str] = {}
    for service in by_name.values():
        variables |= _of(service, word)
    return variables


def _of(service: Object, word: Word) -> dict[str, str]:
    host, ports = service["spec"].get("clusterIP", ""), service["spec"].get("ports", ())
    name = word(service["metadata"]["name"])
    if not ports:
        return {f"{name}_SERVICE_HOST": host}
    variables = {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            variables[f"{name}_SERVICE_PORT_{word(port['name'])}"] = str(port["port"])
    variables[f"{name}_PORT"] = _url(host, ports[0])
    for port in ports:
        prefix = f"{name}_PORT_{port['port']}_{_protocol(port)}"
        variables |= {
            prefix: _url(host, port),
            f"{prefix}_PROTO": _protocol(port).lower(),
            f"{prefix}_PORT": str(port["port"]),
            f"{prefix}_ADDR": host,
        }
    return variables


def _protocol(port: Object) -> str:
    return str(port.get("protocol", "TCP"))


def _url(host: str, port: Object) -> str:
    return f"{_protocol(port).lower()}://{f'[{host}]' if ':' in host else host}:{port['port']}"
