"""Columns of nodes, events, namespaces and other kinds of the core."""

from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, age, get

FIRST = "firstTimestamp"
ROLE = "node-role.kubernetes.io/"


def _node_status(node: Object) -> str:
    conditions = (node.get("status") or {}).get("conditions") or []
    words = [
        "Ready" if condition["status"] == "True" else "NotReady"
        for condition in conditions
        if condition["type"] == "Ready"
    ] or ["Unknown"]
    if node["spec"].get("unschedulable"):
        words.append("SchedulingDisabled")
    return ",".join(words)


def _roles(node: Object) -> str:
    labels = node["metadata"].get("labels") or {}
    roles = {key.removeprefix(ROLE) for key in labels if key.startswith(ROLE) and len(key) > len(ROLE)}
    if labels.get("kubernetes.io/role"):
        roles.add(labels["kubernetes.io/role"])
    return ",".join(sorted(roles)) or "<none>"


def _address(kind: str) -> Any:
    def read(node: Object) -> str:
        addresses = (node.get("status") or {}).get("addresses") or []
        return next((address["address"] for address in addresses if address["type"] == kind), "<none>")

    return read


def _info(name: str, default: str) -> Any:
    def read(node: Object) -> str:
        return str(get(f"status.nodeInfo.{name}")(node) or default)

    return read


def _count(*keys: str) -> Any:
    return lambda item: sum(len(item.get(key) or {}) for key in keys)


def _last_seen(event: Object) -> str:
    for path in ("series.lastObservedTime", "lastTimestamp", "eventTime"):
        if get(path)(event):
            return age(event, path)
    return "<unknown>"


def _involved_object(event: Object) -> str:
    about = event.get("involvedObject") or event.get("regarding") or {}
    return f"{about.get('kind', '').lower()}/{about.get('name', '')}"


def _source(event: Object) -> str:
    source = event.get("source") or event.get("deprecatedSource") or {}
    component = source.get("component") or event.get("reportingComponent") or event.get("reportingController") or ""
    host = source.get("host") or event.get("reportingInstance") or ""
    return ", ".join(filter(None, (component, host)))


EVENT = (
    Column("Last Seen", _last_seen),
    Column("Type", get("type")),
    Column("Reason", get("reason")),
    Column("Object", _involved_object),
    Column("Subobject", get("involvedObject.fieldPath"), wide=True),
    Column("Source", _source, wide=True),
    Column("Message", lambda event: str(event.get("message") or event.get("note") or "").strip()),
    Column("First Seen", lambda item: age(item, FIRST if item.get(FIRST) else "eventTime"), wide=True),
    Column("Count", lambda event: get("series.count", event.get("count") or 1)(event), wide=True),
    Column("Name", get("metadata.name"), wide=True, format="name"),
)
COLUMNS = {
    "core.Namespace": (NAME, Column("Status", get("status.phase")), AGE),
    "core.Node": (
        NAME,
        Column("Status", _node_status),
        Column("Roles", _roles),
        AGE,
        Column("Version", get("status.nodeInfo.kubeletVersion")),
        Column("Internal-IP", _address("InternalIP"), wide=True),
        Column("External-IP", _address("ExternalIP"), wide=True),
        Column("OS-Image", _info("osImage", "<unknown>"), wide=True),
        Column("Kernel-Version", _info("kernelVersion", "<unknown>"), wide=True),
        Column("Container-Runtime", _info("containerRuntimeVersion", "<unknown>"), wide=True),
    ),
    "core.Event": EVENT,
    "events.Event": EVENT,
    "core.ConfigMap": (NAME, Column("Data", _count("data", "binaryData")), AGE),
    "core.Secret": (NAME, Column("Type", get("type")), Column("Data", _count("data")), AGE),
    "core.ServiceAccount": (NAME, AGE),
    "coordination.Lease": (NAME, Column("Holder", get("spec.holderIdentity")), AGE),
}
