"""Workloads: how many pods they want, and have."""

from harness.lab.apiserver.tables.column import AGE, NAME, Column, get, integer, joined, since
from harness.model.cluster import Object


def _template(item: Object) -> list[Object]:
    return ((item["spec"].get("template") or {}).get("spec") or {}).get("containers") or []


def _names(item: Object) -> str:
    return ",".join(one["name"] for one in _template(item))


def _images(item: Object) -> str:
    return ",".join(one.get("image", "") for one in _template(item))


def _selector(item: Object) -> str:
    selector = item["spec"].get("selector") or {}
    return joined(selector.get("matchLabels") if "matchLabels" in selector else selector)


def _of(path: str) -> Column:
    return Column("Ready", lambda item: f"{get(path, 0)(item)}/{get('spec.replicas', 0)(item)}")


def _completions(job: Object) -> str:
    return f"{get('status.succeeded', 0)(job)}/{get('spec.completions', 1)(job)}"


def _job_status(job: Object) -> str:
    for one in (job.get("status") or {}).get("conditions") or []:
        if one["status"] == "True" and one["type"] in {"Complete", "Failed", "Suspended"}:
            return str(one["type"])
    return "Running"


def _job_duration(job: Object) -> str:
    start = get("status.startTime")(job)
    return since(start) if start else ""


CONTAINERS = (Column("Containers", _names, wide=True), Column("Images", _images, wide=True))
SELECTOR = Column("Selector", _selector, wide=True)

COLUMNS = {
    "apps.Deployment": (
        NAME,
        _of("status.readyReplicas"),
        Column("Up-to-date", get("status.updatedReplicas", 0)),
        Column("Available", get("status.availableReplicas", 0)),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "apps.ReplicaSet": (
        NAME,
        integer("Desired", "spec.replicas"),
        integer("Current", "status.replicas"),
        integer("Ready", "status.readyReplicas"),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "core.ReplicationController": (
        NAME,
        integer("Desired", "spec.replicas"),
        integer("Current", "status.replicas"),
        integer("Ready", "status.readyReplicas"),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "apps.StatefulSet": (NAME, _of("status.readyReplicas"), AGE, *CONTAINERS),
    "apps.DaemonSet": (
        NAME,
        integer("Desired", "status.desiredNumberScheduled"),
        integer("Current", "status.currentNumberScheduled"),
        integer("Ready", "status.numberReady"),
        integer("Up-to-date", "status.updatedNumberScheduled"),
        integer("Available", "status.numberAvailable"),
        Column("Node Selector", lambda item: joined(get("spec.template.spec.nodeSelector", None)(item))),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "batch.Job": (
        NAME,
        Column("Status", _job_status),
        Column("Completions", _completions),
        Column("Duration", _job_duration),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "apps.ControllerRevision": (
        NAME,
        Column("Controller", lambda item: _owner(item)),
        Column("Revision", get("revision", 0)),
        AGE,
    ),
}


def _owner(item: Object) -> str:
    for one in item["metadata"].get("ownerReferences") or []:
        if one.get("controller"):
            return f"{one['kind'].lower()}.{one['apiVersion'].partition('/')[0]}/{one['name']}"
    return "<none>"
