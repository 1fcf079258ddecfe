"""Environment variables of a container."""

import re

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, invalid, required

NAME = r"[ -<>-~]+"
NAME_RULE = "a valid environment variable name must consist only of printable ASCII characters other than '='"
SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
FIELDS = frozenset(
    {
        *("metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"),
        *("status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"),
    }
)
LABEL_FIELD = r"metadata\.(labels|annotations)\['.+'\]"


def validate_environment(container: Object, field: str) -> list[Cause]:
    """Return what is wrong with the variables of a container."""
    causes: list[Cause] = []
    for index, variable in enumerate(container.get("env") or []):
        variable_field, name = f"{field}.env[{index}]", variable.get("name", "")
        if not name:
            causes.append(required(f"{variable_field}.name"))
        elif not re.fullmatch(NAME, name):
            causes.append(invalid(f"{variable_field}.name", name, NAME_RULE))
        if variable.get("valueFrom") is not None:
            causes += _source(variable, f"{variable_field}.valueFrom")
    for index, source in enumerate(container.get("envFrom") or []):
        source_field = f"{field}.envFrom[{index}]"
        kinds = [key for key in ("configMapRef", "secretRef") if source.get(key) is not None]
        causes += [required(f"{source_field}.{key}.name") for key in kinds if not source[key].get("name")]
        if not kinds:
            causes.append(invalid(f"{field}.envFrom", "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(kinds) > 1:
            why = "may not have more than one field specified at a time"
            causes.append(invalid(f"{field}.envFrom", "", why))
    return causes


def _source(variable: Object, field: str) -> list[Cause]:
    source = variable["valueFrom"]
    kinds = [key for key in SOURCES if source.get(key) is not None]
    causes: list[Cause] = []
    for key in kinds:
        causes += _reference(source[key], f"{field}.{key}", key)
    if not kinds:
        shown = ", ".join(f"`{key}`" for key in SOURCES[:-1]) + f" or `{SOURCES[-1]}`"
        causes.append(invalid(field, "", f"must specify one of: {shown}"))
    elif variable.get("value"):
        causes.append(invalid(field, "", "may not be specified when `value` is not empty"))
    elif len(kinds) > 1:
        causes.append(invalid(field, "", "may not have more than one field specified at a time"))
    return causes


def _reference(reference: Object, field: str, kind: str) -> list[Cause]:
    if kind == "fieldRef":
        path = reference.get("fieldPath", "")
        if not path:
            return [required(f"{field}.fieldPath")]
        why = f"error converting fieldPath: field label not supported: {path}"
        known = path in FIELDS or re.fullmatch(LABEL_FIELD, path)
        return [] if known else [invalid(f"{field}.fieldPath", path, why)]
    if kind not in {"configMapKeyRef", "secretKeyRef"}:
        return []
    causes = names.check(names.dns_subdomain, reference.get("name", ""), f"{field}.name")
    return [*causes, *names.check_required(names.config_key, reference.get("key", ""), f"{field}.key")]
