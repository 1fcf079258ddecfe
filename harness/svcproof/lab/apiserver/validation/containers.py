"""Containers of a pod: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container ."""

from collections.abc import Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, not_supported, required
from svcproof.lab.apiserver.validation.container_resources import validate_resources
from svcproof.lab.apiserver.validation.environment import validate_environment
from svcproof.lab.apiserver.validation.handlers import PROBES, validate_lifecycle, validate_probe
from svcproof.lab.apiserver.validation.security import validate_container_security
from svcproof.lab.apiserver.validation.service_ports import PROTOCOLS
from svcproof.lab.apiserver.validation.volumes import validate_mounts

PULL = ("Always", "IfNotPresent", "Never")
MESSAGES = ("File", "FallbackToLogsOnError")
RESTARTS = ("Always", "Never", "OnFailure")


def validate_containers(spec: Object, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    """Return what is wrong with the containers of a pod, and with those that start before them."""
    causes: list[Cause] = []
    seen: set[str] = set()
    containers = spec.get("containers") or []
    for index, container in enumerate(containers):
        here = f"{field}.containers[{index}]"
        causes += [*_container(container, here, volumes), *_named_twice(container, here, seen)]
        causes += _life(container, here)
    causes += _host_ports(containers, f"{field}.containers")
    for index, container in enumerate(spec.get("initContainers") or []):
        here, policy = f"{field}.initContainers[{index}]", container.get("restartPolicy")
        causes += _container(container, here, volumes)
        if policy is not None and policy not in RESTARTS:
            causes.append(not_supported(f"{here}.restartPolicy", policy, RESTARTS))
        causes += _named_twice(container, here, seen)
        causes += _host_ports([container], f"{field}.initContainers")
        causes += _life(container, here) if policy == "Always" else _no_life(container, here)
    return causes


def validate_host_network(spec: Object, field: str) -> list[Cause]:
    """Return which ports differ from those of the node, where the pod is in the node's network."""
    if not spec.get("hostNetwork"):
        return []
    why = "must match `containerPort` when `hostNetwork` is true"
    return [
        invalid(f"{field}.{key}[{index}].ports[{number}].hostPort", port.get("hostPort"), why)
        for key in ("containers", "initContainers")
        for index, container in enumerate(spec.get(key) or [])
        for number, port in enumerate(container.get("ports") or [])
        if port.get("hostPort") != port.get("containerPort")
    ]


def _container(container: Object, field: str, volumes: Mapping[str, Object]) -> list[Cause]:
    causes: list[Cause] = []
    name, image, policy = container.get("name", ""), container.get("image", ""), container["terminationMessagePolicy"]
    causes += names.check(names.dns_label, name, f"{field}.name") if name else [required(f"{field}.name")]
    if not image:
        causes.append(required(f"{field}.image"))
    elif image != image.strip():
        causes.append(invalid(f"{field}.image", image, "must not have leading or trailing whitespace"))
    if policy not in MESSAGES:
        causes.append(not_supported(f"{field}.terminationMessagePolicy", policy, MESSAGES))
    causes += _ports(container.get("ports") or [], f"{field}.ports")
    causes += validate_environment(container, field)
    causes += validate_mounts(container, volumes, field)
    if container.get("imagePullPolicy") not in PULL:
        causes.append(not_supported(f"{field}.imagePullPolicy", container.get("imagePullPolicy", ""), PULL))
    causes += validate_resources(container["resources"], f"{field}.resources")
    return [*causes, *validate_container_security(container.get("securityContext") or {}, f"{field}.securityContext")]


def _ports(ports: list[Object], field: str) -> list[Cause]:
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        here, name = f"{field}[{index}]", port.get("name", "")
        if name:
            causes += names.check(names.port_name, name, f"{here}.name")
            if name in seen:
                causes.append(duplicate(f"{here}.name", name))
            seen.add(name)
        if not port.get("containerPort"):
            causes.append(required(f"{here}.containerPort"))
        else:
            causes += names.check(names.port_number, port["containerPort"], f"{here}.containerPort")
        if port.get("hostPort"):
            causes += names.check(names.port_number, port["hostPort"], f"{here}.hostPort")
        if port["protocol"] not in PROTOCOLS:
            causes.append(not_supported(f"{here}.protocol", port["protocol"], PROTOCOLS))
    return causes


def _host_ports(containers: list[Object], field: str) -> list[Cause]:
    """A port of the node is taken once."""
    causes: list[Cause] = []
    taken: set[str] = set()
    for index, container in enumerate(containers):
        for number, port in enumerate(container.get("ports") or []):
            key = f"{port['protocol']}/{port.get('hostIP', '')}/{port.get('hostPort', 0)}"
            if port.get("hostPort") and key in taken:
                causes.append(duplicate(f"{field}[{index}].ports[{number}].hostPort", key))
            taken.add(key)
    return causes


def _named_twice(container: Object, field: str, seen: set[str]) -> list[Cause]:
    name = container.get("name", "")
    again = bool(name) and name in seen
    seen.add(name)
    return [duplicate(f"{field}.name", name)] if again else []


def _life(container: Object, field: str) -> list[Cause]:
    causes = validate_lifecycle(container.get("lifecycle") or {}, f"{field}.lifecycle")
    for key in PROBES:
        if container.get(key):
            causes += validate_probe(container[key], f"{field}.{key}", key)
    return causes


def _no_life(container: Object, field: str) -> list[Cause]:
    why = "may not be set for init containers without restartPolicy=Always"
    return [forbidden(f"{field}.{key}", why) for key in ("lifecycle", *PROBES) if container.get(key)]
