"""Columns of workloads."""

from datetime import datetime

from svcproof.json_objects import Object
from svcproof.lab.apiserver.selectors import selector_text
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, duration, get, integer, label_text, since


def _template(item: Object) -> list[Object]:
    return ((item["spec"].get("template") or {}).get("spec") or {}).get("containers") or []


def _names(item: Object) -> str:
    return ",".join(container["name"] for container in _template(item))


def _images(item: Object) -> str:
    return ",".join(container.get("image", "") for container in _template(item))


def _selector(item: Object) -> str:
    return selector_text(item["spec"].get("selector") or {}) or "<none>"


def _ready_of(path: str) -> Column:
    return Column("Ready", lambda item: f"{get(path, 0)(item)}/{get('spec.replicas', 0)(item)}")


def _completions(job: Object) -> str:
    completions, parallel = get("spec.completions", None)(job), get("spec.parallelism", 0)(job)
    some = f"1 of {parallel}" if parallel > 1 else "1"
    return f"{get('status.succeeded', 0)(job)}/{some if completions is None else completions}"


def _job_status(job: Object) -> str:
    true = {condition["type"] for condition in get("status.conditions", [])(job) if condition["status"] == "True"}
    if job["metadata"].get("deletionTimestamp"):
        true.add("Terminating")
    return next((state for state in JOB_STATES if state in true), "Running")


def _job_duration(job: Object) -> str:
    start, end = get("status.startTime")(job), get("status.completionTime")(job)
    if not start:
        return ""
    if not end:
        return since(start)
    return duration((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def _schedule_age(item: Object) -> str:
    last = get("status.lastScheduleTime")(item)
    return since(last) if last else "<none>"


def _job_template(item: Object) -> Object:
    return {"spec": item["spec"]["jobTemplate"]["spec"]}


def _owner(item: Object) -> str:
    for reference in item["metadata"].get("ownerReferences") or []:
        if reference.get("controller"):
            return f"{reference['kind'].lower()}.{reference['apiVersion'].partition('/')[0]}/{reference['name']}"
    return "<none>"


JOB_STATES = ("Complete", "Failed", "Terminating", "Suspended", "FailureTarget", "SuccessCriteriaMet")
CONTAINERS = (Column("Containers", _names, wide=True), Column("Images", _images, wide=True))
SELECTOR = Column("Selector", _selector, wide=True)

REPLICAS = (
    NAME,
    integer("Desired", "spec.replicas"),
    integer("Current", "status.replicas"),
    integer("Ready", "status.readyReplicas"),
    AGE,
    *CONTAINERS,
    SELECTOR,
)
COLUMNS = {
    "apps.Deployment": (
        NAME,
        _ready_of("status.readyReplicas"),
        Column("Up-to-date", get("status.updatedReplicas", 0)),
        Column("Available", get("status.availableReplicas", 0)),
        AGE,
        *CONTAINERS,
        SELECTOR,
    ),
    "apps.ReplicaSet": REPLICAS,
    "core.ReplicationController": REPLICAS,
    "apps.StatefulSet": (NAME, _ready_of("status.readyReplicas"), AGE, *CONTAINERS),
    "apps.DaemonSet": (
        NAME,
        integer("Desired", "status.desiredNumberScheduled"),
        integer("Current", "status.currentNumberScheduled"),
        integer("Ready", "status.numberReady"),
        integer("Up-to-date", "status.updatedNumberScheduled"),
        integer("Available", "status.numberAvailable"),
        Column("Node Selector", lambda item: label_text(get("spec.template.spec.nodeSelector", None)(item))),
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
    "batch.CronJob": (
        NAME,
        Column("Schedule", get("spec.schedule")),
        Column("Timezone", get("spec.timeZone", "<none>")),
        Column("Suspend", lambda item: str(get("spec.suspend", "<unset>")(item)), type="boolean"),
        Column("Active", lambda item: len(get("status.active", [])(item)), type="integer"),
        Column("Last Schedule", _schedule_age),
        AGE,
        Column("Containers", lambda item: _names(_job_template(item)), wide=True),
        Column("Images", lambda item: _images(_job_template(item)), wide=True),
        Column("Selector", lambda item: _selector(_job_template(item)), wide=True),
    ),
    "core.PodTemplate": (
        NAME,
        Column("Containers", lambda item: _names({"spec": item})),
        Column("Images", lambda item: _images({"spec": item})),
        Column("Pod Labels", lambda item: label_text(item["template"]["metadata"].get("labels"))),
    ),
    "apps.ControllerRevision": (
        NAME,
        Column("Controller", _owner),
        Column("Revision", get("revision", 0)),
        AGE,
    ),
}
