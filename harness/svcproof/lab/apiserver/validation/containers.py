"""Containers of a pod: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container ."""

from collections.abc import Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, required
from svcproof.lab.apiserver.validation.environment import validate_environment
from svcproof.lab.apiserver.validation.security import validate_container_security
from svcproof.lab.apiserver.validation.service_ports import PROTOCOLS, port_or_name
from svcproof.lab.apiserver.validation.volumes import validate_mounts
from svcproof.lab.quantities import amount_of

PULL = ("Always", "IfNotPresent", "Never")
MESSAGES = ("File", "FallbackToLogsOnError")
RESTARTS = ("Always", "Never", "OnFailure")
RESOURCES = frozenset({"cpu", "memory", "ephemeral-storage"})
RESOURCE_PREFIXES = ("hugepages-", "requests.", "limits.")
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
KINDS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
SCHEMES = ("HTTP", "HTTPS")
SPANS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def validate_containers(spec: Object, volumes: Mapping[str, Object], field: str) -> list[Cause]:
    """Return what is wrong with the containers of a pod, and with those that start before them."""
    causes: list[Cause] = []
    taken_names: set[str] = set()
    containers = spec.get("containers") or []
    for index, container in enumerate(containers):
        container_field = f"{field}.containers[{index}]"
        causes += [
            *_container(container, container_field, volumes),
            *_duplicate_name(container, container_field, taken_names),
        ]
        causes += _lifecycle_and_probes(container, container_field)
    causes += _host_ports(containers, f"{field}.containers")
    for index, container in enumerate(spec.get("initContainers") or []):
        container_field, policy = f"{field}.initContainers[{index}]", container.get("restartPolicy")
        causes += _container(container, container_field, volumes)
        causes += names.check_choice(RESTARTS, policy, f"{container_field}.restartPolicy")
        causes += _duplicate_name(container, container_field, taken_names)
        causes += _host_ports([container], f"{field}.initContainers")
        causes += (
            _lifecycle_and_probes(container, container_field)
            if policy == "Always"
            else _forbidden_lifecycle(container, container_field)
        )
    return causes


def validate_host_network(spec: Object, field: str) -> list[Cause]:
    """Return a cause for each port that differs from the node's, where the pod is in the node's network."""
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
    image = container.get("image", "")
    causes = names.check_required(names.dns_label, container.get("name", ""), f"{field}.name")
    if not image:
        causes.append(required(f"{field}.image"))
    elif image != image.strip():
        causes.append(invalid(f"{field}.image", image, "must not have leading or trailing whitespace"))
    causes += names.check_choice(MESSAGES, container["terminationMessagePolicy"], f"{field}.terminationMessagePolicy")
    causes += _ports(container.get("ports") or [], f"{field}.ports")
    causes += validate_environment(container, field)
    causes += validate_mounts(container, volumes, field)
    causes += names.check_choice(PULL, container.get("imagePullPolicy", ""), f"{field}.imagePullPolicy")
    causes += _resources(container["resources"], f"{field}.resources")
    return [*causes, *validate_container_security(container.get("securityContext") or {}, f"{field}.securityContext")]


def _ports(ports: list[Object], field: str) -> list[Cause]:
    causes: list[Cause] = []
    taken_names: set[str] = set()
    for index, port in enumerate(ports):
        port_field, name = f"{field}[{index}]", port.get("name", "")
        if name:
            causes += names.check(names.port_name, name, f"{port_field}.name")
            causes += names.check_new(name, taken_names, f"{port_field}.name")
        number = port.get("containerPort", 0)
        causes += names.check_required(names.port_number, number, f"{port_field}.containerPort")
        if port.get("hostPort"):
            causes += names.check(names.port_number, port["hostPort"], f"{port_field}.hostPort")
        causes += names.check_choice(PROTOCOLS, port["protocol"], f"{port_field}.protocol")
    return causes


def _host_ports(containers: list[Object], field: str) -> list[Cause]:
    """Refuse a port of the node that is taken twice."""
    causes: list[Cause] = []
    taken: set[str] = set()
    for index, container in enumerate(containers):
        for number, port in enumerate(container.get("ports") or []):
            key = f"{port['protocol']}/{port.get('hostIP', '')}/{port.get('hostPort', 0)}"
            if port.get("hostPort") and key in taken:
                causes.append(duplicate(f"{field}[{index}].ports[{number}].hostPort", key))
            taken.add(key)
    return causes


def _duplicate_name(container: Object, field: str, taken_names: set[str]) -> list[Cause]:
    return names.check_new(container["name"], taken_names, f"{field}.name") if container.get("name") else []


def _lifecycle_and_probes(container: Object, field: str) -> list[Cause]:
    causes = validate_lifecycle(container.get("lifecycle") or {}, f"{field}.lifecycle")
    for key in PROBES:
        if container.get(key):
            causes += validate_probe(container[key], f"{field}.{key}", key)
    return causes


def _forbidden_lifecycle(container: Object, field: str) -> list[Cause]:
    why = "may not be set for init containers without restartPolicy=Always"
    return [forbidden(f"{field}.{key}", why) for key in ("lifecycle", *PROBES) if container.get(key)]


def _resources(resources: Object, field: str) -> list[Cause]:
    """Return what is wrong with requests and limits.

    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    """
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    causes: list[Cause] = []
    for key, amounts in (("limits", limits), ("requests", requests)):
        for name, quantity in amounts.items():
            amount_field = f"{field}.{key}[{name}]"
            causes += _resource_name(name, amount_field)
            if amount_of(quantity) < 0:
                causes.append(invalid(amount_field, quantity, "must be greater than or equal to 0"))
            if key == "requests" and name in limits and amount_of(quantity) > amount_of(limits[name]):
                why = f"must be less than or equal to {name} limit of {limits[name]}"
                causes.append(invalid(f"{field}.requests", quantity, why))
    return causes


def _resource_name(name: str, field: str) -> list[Cause]:
    causes = names.check(names.qualified_name, name, field)
    if "/" in name or name in RESOURCES or name.startswith(RESOURCE_PREFIXES):
        return causes
    if name != "storage":
        causes.append(invalid(field, name, "must be a standard resource type or fully qualified"))
    return [*causes, invalid(field, name, "must be a standard resource for containers")]


def validate_probe(probe: Object, field: str, kind: str) -> list[Cause]:
    """Return what is wrong with a probe of a kind, `livenessProbe` for one."""
    causes = [*_handler(probe, field), *names.counts(probe, SPANS, field)]
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and kind == "readinessProbe":
        causes.append(invalid(f"{field}.terminationGracePeriodSeconds", grace, "must not be set for readinessProbes"))
    elif grace is not None and grace <= 0:
        causes.append(invalid(f"{field}.terminationGracePeriodSeconds", grace, "must be greater than 0"))
    if kind != "readinessProbe" and probe.get("successThreshold") != 1:
        causes.append(invalid(f"{field}.successThreshold", probe.get("successThreshold"), "must be 1"))
    return causes


def validate_lifecycle(lifecycle: Object, field: str) -> list[Cause]:
    """Return what is wrong with the handlers of a container's start and end."""
    causes: list[Cause] = []
    for key in ("postStart", "preStop"):
        if lifecycle.get(key) is not None:
            causes += _handler(lifecycle[key], f"{field}.{key}")
    return causes


def _handler(handler: Object, field: str) -> list[Cause]:
    kinds = [key for key in KINDS if handler.get(key) is not None]
    if not kinds:
        return [required(field, "must specify a handler type")]
    causes: list[Cause] = []
    if kinds[0] == "exec" and not handler["exec"].get("command"):
        causes.append(required(f"{field}.exec.command"))
    elif kinds[0] in {"httpGet", "tcpSocket"}:
        causes += port_or_name(handler[kinds[0]]["port"], f"{field}.{kinds[0]}.port")
    elif kinds[0] == "grpc":
        causes += names.check(names.port_number, handler["grpc"]["port"], f"{field}.grpc.port")
    scheme = handler["httpGet"].get("scheme") if kinds[0] == "httpGet" else None
    causes += names.check_choice(SCHEMES, scheme, f"{field}.httpGet.scheme")
    return [*causes, *(forbidden(f"{field}.{key}", "may not specify more than 1 handler type") for key in kinds[1:])]
