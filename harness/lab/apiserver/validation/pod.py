"""Pods, and the templates of pods: the basics.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from harness.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, not_supported, required
from harness.lab.apiserver.validation import names
from harness.lab.apiserver.validation.service_ports import PROTOCOLS, port_or_name
from harness.model.cluster import Object

RESTART = ("Always", "OnFailure", "Never")
DNS = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
PULL = ("Always", "IfNotPresent", "Never")
MUTABLE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def validate_pod(pod: Object) -> list[Cause]:
    """Return what is wrong with a new pod."""
    return validate_pod_spec(pod["spec"], "spec")


def validate_pod_spec(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the spec of a pod or of a template."""
    containers = spec.get("containers") or []
    initial = spec.get("initContainers") or []
    volumes = {one["name"] for one in spec.get("volumes") or []}
    causes = _volumes(spec.get("volumes") or [], f"{field}.volumes")
    if not containers:
        causes.append(required(f"{field}.containers"))
    seen: set[str] = set()
    for key, several in (("containers", containers), ("initContainers", initial)):
        for index, container in enumerate(several):
            here = f"{field}.{key}[{index}]"
            causes += _container(container, here, seen, volumes)
            if spec.get("hostNetwork"):
                causes += _host_ports(container, here)
    for key, supported in (("restartPolicy", RESTART), ("dnsPolicy", DNS)):
        if spec.get(key) not in supported:
            causes.append(not_supported(f"{field}.{key}", spec.get(key, ""), supported))
    for key in ("hostname", "subdomain"):
        if spec.get(key):
            causes += names.check(names.dns_label, spec[key], f"{field}.{key}")
    return causes


def validate_template(template: Object, field: str) -> list[Cause]:
    """Return what is wrong with a template of pods."""
    metadata = template["metadata"]
    causes = names.labels(metadata.get("labels") or {}, f"{field}.labels")
    for key in sorted(metadata.get("annotations") or {}):
        causes += names.check(names.qualified_name, key.lower(), f"{field}.annotations")
    return [*causes, *validate_pod_spec(template["spec"], f"{field}.spec")]


def validate_pod_update(pod: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change of a pod: little of a spec may change."""
    if _fixed(pod["spec"]) == _fixed(old["spec"]):
        return []
    return [forbidden("spec", f"pod updates may not change fields other than {MUTABLE}\n")]


def _fixed(spec: Object) -> Object:
    free = {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "ephemeralContainers"}
    fixed = {key: value for key, value in spec.items() if key not in free}
    for key in ("containers", "initContainers"):
        fixed[key] = [{**one, "image": ""} for one in spec.get(key) or []]
    return fixed


def _container(container: Object, field: str, seen: set[str], volumes: set[str]) -> list[Cause]:
    causes: list[Cause] = []
    name = container.get("name", "")
    if not name:
        causes.append(required(f"{field}.name"))
    else:
        causes += names.check(names.dns_label, name, f"{field}.name")
        if name in seen:
            causes.append(duplicate(f"{field}.name", name))
        seen.add(name)
    image = container.get("image", "")
    if not image:
        causes.append(required(f"{field}.image"))
    elif image != image.strip():
        causes.append(invalid(f"{field}.image", image, "must not have leading or trailing whitespace"))
    causes += _ports(container.get("ports") or [], f"{field}.ports")
    for index, variable in enumerate(container.get("env") or []):
        if not variable.get("name"):
            causes.append(required(f"{field}.env[{index}].name"))
    for index, mount in enumerate(container.get("volumeMounts") or []):
        here = f"{field}.volumeMounts[{index}]"
        if mount.get("name") not in volumes:
            causes.append(Cause("FieldValueNotFound", f"{here}.name", f'Not found: "{mount.get("name")}"'))
        if not mount.get("mountPath"):
            causes.append(required(f"{here}.mountPath"))
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(key):
            causes += _probe(container[key], f"{field}.{key}")
    if container.get("imagePullPolicy") not in PULL:
        causes.append(not_supported(f"{field}.imagePullPolicy", container.get("imagePullPolicy", ""), PULL))
    return causes


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


def _host_ports(container: Object, field: str) -> list[Cause]:
    why = "must match `hostPort` when `hostNetwork` is true"
    return [
        invalid(f"{field}.ports[{index}].containerPort", port.get("containerPort"), why)
        for index, port in enumerate(container.get("ports") or [])
        if port.get("hostPort") != port.get("containerPort")
    ]


def _probe(probe: Object, field: str) -> list[Cause]:
    handlers = [key for key in ("exec", "httpGet", "tcpSocket", "grpc") if probe.get(key)]
    if not handlers:
        return [required(field, "must specify a handler type")]
    causes = [forbidden(f"{field}.{key}", "may not specify more than 1 handler type") for key in handlers[1:]]
    for key in ("httpGet", "tcpSocket"):
        if probe.get(key):
            causes += port_or_name(probe[key]["port"], f"{field}.{key}.port")
    return causes


def _volumes(volumes: list[Object], field: str) -> list[Cause]:
    causes: list[Cause] = []
    seen: set[str] = set()
    for index, volume in enumerate(volumes):
        here, name = f"{field}[{index}]", volume.get("name", "")
        why = "may not specify more than 1 volume type"
        causes += [forbidden(f"{here}.{key}", why) for key in sorted(set(volume) - {"name"})[1:]]
        if not name:
            causes.append(required(f"{here}.name"))
        else:
            causes += names.check(names.dns_label, name, f"{here}.name")
        if name and name in seen:
            causes.append(duplicate(f"{here}.name", name))
        seen.add(name)
    return causes
