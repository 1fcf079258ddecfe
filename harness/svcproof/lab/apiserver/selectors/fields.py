"""Field selectors: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/ ."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import bad_request
from svcproof.lab.apiserver.resources import Resource

EVERYWHERE = ("metadata.name", "metadata.namespace")
INVOLVED = tuple(
    f"involvedObject.{key}"
    for key in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
)
SUPPORTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pods": (
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ),
        "services": ("spec.clusterIP", "spec.type"),
        "nodes": ("spec.unschedulable",),
        "namespaces": ("status.phase",),
        "secrets": ("type",),
        "events": (*INVOLVED, "reason", "reportingComponent", "source", "type"),
        "replicationcontrollers": ("status.replicas",),
        "replicasets.apps": ("status.replicas",),
        "jobs.batch": ("status.successful",),
    }
)
TERM = re.compile(r"^\s*([^=!]+?)\s*(==|=|!=)\s*((?:\\.|[^\\,=])*)$")


def field_predicate(resource: Resource, text: str) -> Callable[[Object], bool]:
    """Compile a selector; raises ApiError 400 if it is malformed or names a field not supported for the kind."""
    supported = {*EVERYWHERE, *SUPPORTED.get(resource.store, ())}
    terms: list[Callable[[Object], bool]] = []
    for part in filter(None, re.split(r"(?<!\\),", text)):
        match = TERM.match(part)
        if match is None:
            raise bad_request(f"Unable to find {resource.api_version!r} that match field selector {text!r}")
        field, operator, value = match.groups()
        field = _stored_field(resource, field)
        if field not in supported:
            raise bad_request(f"field label not supported: {field}")
        terms.append(_term(field, re.sub(r"\\(.)", r"\1", value), negated=operator == "!="))
    return lambda item: all(holds(item) for holds in terms)


def _stored_field(resource: Resource, field: str) -> str:
    """The name of a field in the store, where Events are in their core/v1 form."""
    if resource.group == "events.k8s.io":
        return re.sub(r"^regarding\.", "involvedObject.", field)
    return field


def _term(field: str, value: str, *, negated: bool) -> Callable[[Object], bool]:
    path = field.split(".")
    boolean = path[-1] in {"hostNetwork", "unschedulable"}

    def holds(item: Object) -> bool:
        content: Any = item
        for key in path:
            content = content.get(key) if isinstance(content, dict) else None
        return (_text(content, boolean=boolean) == value) != negated

    return holds


def _text(value: Any, *, boolean: bool) -> str:
    """The text that a value is compared by: "false" for an unset boolean, the component for an event's source."""
    if boolean:
        return "true" if value else "false"
    if isinstance(value, dict):
        return str(value.get("component", ""))
    return "" if value is None else str(value)
