"""Label and field selectors, as predicates on objects.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#api and
https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import bad_request
from svcproof.lab.apiserver.resources import Resource

Labels = Mapping[str, str]
REQUIREMENT = re.compile(
    r"""\s*(?:
      (?P<absent>!\s*(?P<absent_key>[\w./-]+))
    | (?P<key>[\w./-]+)\s*(?:
          (?P<operator>==|=|!=)\s*(?P<value>[\w.-]*)
        | (?P<set>\s(?:in|notin))\s*\((?P<values>[^()]*)\)
        | (?P<order>[<>])\s*(?P<bound>-?\d+)
      )?
    )\s*(?:,|$)""",
    re.VERBOSE,
)
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
Predicate = Callable[[Object], bool]


def label_predicate(text: str) -> Callable[[Labels], bool]:
    """Compile a selector; raises ApiError 400 if it cannot be read."""
    requirements: list[Callable[[Labels], bool]] = []
    at = 0
    while at < len(text):
        match = REQUIREMENT.match(text, at)
        if match is None or (match.end() == len(text) and text.rstrip().endswith(",")):
            raise bad_request(f"unable to parse requirement: {text!r} is not a label selector")
        requirements.append(_requirement(match))
        at = match.end()
    return lambda labels: all(holds(labels) for holds in requirements)


def selector_text(selector: Object) -> str:
    """Return a LabelSelector, or a map of labels, as text on one line; an empty selector gives ""."""
    whole = "matchLabels" in selector or "matchExpressions" in selector
    labels = (selector.get("matchLabels") or {}) if whole else selector
    terms = [(key, f"{key}={value}") for key, value in labels.items()]
    for requirement in (selector.get("matchExpressions") or []) if whole else []:
        key, values = requirement["key"], ",".join(sorted(requirement.get("values") or []))
        match requirement["operator"]:
            case "Exists":
                terms.append((key, key))
            case "DoesNotExist":
                terms.append((key, f"!{key}"))
            case operator:
                terms.append((key, f"{key} {operator.lower()} ({values})"))
    return ",".join(text for _, text in sorted(terms))


def _requirement(match: re.Match[str]) -> Callable[[Labels], bool]:
    key = match["key"] or match["absent_key"]
    if match["absent"]:
        return lambda labels: key not in labels
    if match["operator"]:
        value = match["value"]
        if match["operator"] == "!=":
            return lambda labels: labels.get(key) != value
        return lambda labels: labels.get(key) == value
    if match["set"]:
        values = {part.strip() for part in match["values"].split(",")}
        if match["set"].strip() == "notin":
            return lambda labels: labels.get(key) not in values
        return lambda labels: labels.get(key) in values
    if match["order"]:
        bound, sign = int(match["bound"]), 1 if match["order"] == ">" else -1
        return lambda labels: labels.get(key, "").lstrip("-").isdigit() and (int(labels[key]) - bound) * sign > 0
    return lambda labels: key in labels


def field_predicate(resource: Resource, text: str) -> Callable[[Object], bool]:
    """Compile a selector; raises ApiError 400 if it is malformed or names a field not supported for the kind."""
    supported = {*EVERYWHERE, *SUPPORTED.get(resource.store, ())}
    terms: list[Callable[[Object], bool]] = []
    for part in filter(None, re.split(r"(?<!\\),", text)):
        match = TERM.match(part)
        if match is None:
            raise bad_request(f"Unable to find {resource.api_version!r} that match field selector {text!r}")
        field, operator, value = match.groups()
        if resource.group == "events.k8s.io":
            # The store has Events in their core/v1 form.
            field = re.sub(r"^regarding\.", "involvedObject.", field)
        if field not in supported:
            raise bad_request(f"field label not supported: {field}")
        terms.append(_term(field, re.sub(r"\\(.)", r"\1", value), negated=operator == "!="))
    return lambda item: all(holds(item) for holds in terms)


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


def predicate(resource: Resource, namespace: str, name: str, query: Mapping[str, str]) -> Predicate:
    """Return the condition by which an object belongs to a list or watch; raises ApiError 400 on junk."""
    by_label = label_predicate(query.get("labelSelector", ""))
    by_field = field_predicate(resource, query.get("fieldSelector", ""))

    def selected(item: Object) -> bool:
        metadata = item["metadata"]
        return (
            (not namespace or metadata.get("namespace") == namespace)
            and (not name or metadata["name"] == name)
            and by_label(metadata.get("labels") or {})
            and by_field(item)
        )

    return selected
