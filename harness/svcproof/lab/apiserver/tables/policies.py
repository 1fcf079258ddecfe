"""Columns of autoscalers, quotas, disruption budgets, bindings and priorities."""

from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.conversion import as_version_two
from svcproof.lab.apiserver.tables.column import AGE, NAME, Column, get, integer

UNKNOWN = "<unknown>"
SHOWN_METRICS = 2


def _targets(item: Object) -> str:
    autoscaler = item if item["apiVersion"] == "autoscaling/v2" else as_version_two(item)
    metrics = autoscaler["spec"].get("metrics") or []
    current = get("status.currentMetrics", [])(autoscaler)
    shown = [
        _metric(metric, current[index] if index < len(current) else {})
        for index, metric in enumerate(metrics[:SHOWN_METRICS])
    ]
    more = f" + {len(metrics) - SHOWN_METRICS} more..." if len(metrics) > SHOWN_METRICS else ""
    return (", ".join(shown) or "<none>") + more


def _metric(metric: Object, status: Object) -> str:
    """The current value of a metric, and its target."""
    kind = metric["type"][:1].lower() + metric["type"][1:]
    source, now = metric.get(kind) or {}, (status.get(kind) or {}).get("current") or {}
    target, named = source.get("target") or {}, "resource" in kind.lower()
    prefix = f"{source.get('name', '')}: " if named else ""
    if target.get("averageValue") is not None:
        suffix = " (avg)" if kind in {"external", "object"} else ""
        return f"{prefix}{now.get('averageValue', UNKNOWN)}/{target['averageValue']}{suffix}"
    if not named:
        return f"{now.get('value', UNKNOWN)}/{target.get('value', '')}"
    share, target_share = now.get("averageUtilization"), target.get("averageUtilization")
    shown = UNKNOWN if share is None else f"{share}%"
    return f"{prefix}{shown}/{'<auto>' if target_share is None else f'{target_share}%'}"


def _quota(*, limits: bool) -> Any:
    def read(quota: Object) -> str:
        hard, used = get("status.hard", {})(quota), get("status.used", {})(quota)
        names = [name for name in sorted(hard) if name.startswith("limits.") == limits]
        return ", ".join(f"{name}: {used.get(name, '0')}/{hard[name]}" for name in names)

    return read


def _subjects(kind: str) -> Any:
    def read(binding: Object) -> str:
        subjects = [subject for subject in binding.get("subjects") or [] if subject["kind"] == kind]
        accounts = kind == "ServiceAccount"
        return ", ".join(
            f"{subject.get('namespace', '')}/{subject['name']}" if accounts else subject["name"] for subject in subjects
        )

    return read


AUTOSCALER = (
    NAME,
    Column("Reference", lambda item: "{kind}/{name}".format(**item["spec"]["scaleTargetRef"])),
    Column("Targets", _targets),
    Column("MinPods", lambda item: str(get("spec.minReplicas", "<unset>")(item))),
    Column("MaxPods", get("spec.maxReplicas", 0)),
    Column("Replicas", get("status.currentReplicas", 0)),
    AGE,
)
BINDING = (
    NAME,
    Column("Role", lambda item: "{kind}/{name}".format(**item["roleRef"])),
    AGE,
    Column("Users", _subjects("User"), wide=True),
    Column("Groups", _subjects("Group"), wide=True),
    Column("ServiceAccounts", _subjects("ServiceAccount"), wide=True),
)
COLUMNS = {
    "autoscaling.HorizontalPodAutoscaler": AUTOSCALER,
    "autoscalingv2.HorizontalPodAutoscaler": AUTOSCALER,
    "core.ResourceQuota": (
        NAME,
        Column("Request", _quota(limits=False)),
        Column("Limit", _quota(limits=True)),
        AGE,
    ),
    "policy.PodDisruptionBudget": (
        NAME,
        Column("Min Available", lambda item: str(get("spec.minAvailable", "N/A")(item))),
        Column("Max Unavailable", lambda item: str(get("spec.maxUnavailable", "N/A")(item))),
        integer("Allowed Disruptions", "status.disruptionsAllowed"),
        AGE,
    ),
    "rbac.ClusterRoleBinding": BINDING,
    "rbac.RoleBinding": BINDING,
    "scheduling.PriorityClass": (
        NAME,
        integer("Value", "value"),
        Column("Global-Default", get("globalDefault", False), type="boolean"),
        AGE,
        Column("PreemptionPolicy", get("preemptionPolicy")),
    ),
}
