"""Ephemeral containers: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, required

FIELD = "spec.ephemeralContainers"
ABSENT = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")


def validate_ephemeral(pod: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a pod's ephemeral containers, to which some may be added, and no more."""
    causes, spec = list[Cause](), pod["spec"]
    kept = {container.get("name"): container for container in spec.get("ephemeralContainers") or []}
    for old_container in old["spec"].get("ephemeralContainers") or []:
        if old_container["name"] not in kept:
            causes.append(
                forbidden(FIELD, f'existing ephemeral containers "{old_container["name"]}" may not be removed\n')
            )
        elif kept[old_container["name"]] != old_container:
            causes.append(
                forbidden(FIELD, f'existing ephemeral containers "{old_container["name"]}" may not be changed\n')
            )
    targets = {container["name"] for container in (*spec["containers"], *(spec.get("initContainers") or []))}
    taken_names = set(targets)
    for index, container in enumerate(spec.get("ephemeralContainers") or []):
        causes += _container(container, f"{FIELD}[{index}]", taken_names, targets)
        taken_names.add(container.get("name", ""))
    return causes


def _container(container: Object, field: str, taken_names: set[str], targets: set[str]) -> list[Cause]:
    name, causes = container.get("name", ""), list[Cause]()
    if not name:
        causes.append(required(f"{field}.name"))
    elif name in taken_names:
        causes.append(duplicate(f"{field}.name", name))
    else:
        causes += names.check(names.dns_label, name, f"{field}.name")
    if not container.get("image"):
        causes.append(required(f"{field}.image"))
    target = container.get("targetContainerName")
    if target and target not in targets:
        causes.append(invalid(f"{field}.targetContainerName", target, "is not a container of the pod"))
    causes += [
        forbidden(f"{field}.{key}", "cannot be set for an Ephemeral Container") for key in ABSENT if container.get(key)
    ]
    return causes
