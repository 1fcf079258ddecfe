"""Kinds that are served in two API versions over one storage: Events, and HorizontalPodAutoscalers.

The older version of the latter has a target for the CPU alone, the rest in annotations.
https://kubernetes.io/docs/reference/kubernetes-api/autoscaling-resources/horizontal-pod-autoscaler-v2/
"""

import json
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource

RENAMED = (
    ("regarding", "involvedObject"),
    ("note", "message"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
)
TARGET = "targetCPUUtilizationPercentage"
PREFIX = "autoscaling.alpha.kubernetes.io/"
METRICS, BEHAVIOUR = f"{PREFIX}metrics", f"{PREFIX}behavior"
STATUS = ("observedGeneration", "lastScaleTime", "currentReplicas", "desiredReplicas")


def stored_form(resource: Resource, item: Object) -> Object:
    """Return `item` of `resource` in its stored form."""
    if resource.type == "autoscaling.HorizontalPodAutoscaler":
        return as_version_two(item)
    if resource.type != "events.Event":
        return item
    event = dict(item)
    for new, old in RENAMED:
        if new in event:
            event[old] = event.pop(new)
    return {**event, "apiVersion": "v1"}


def served_form(resource: Resource, item: Object) -> Object:
    """Return a stored object in the form of `resource`, kind and apiVersion first."""
    shown = {**item, "kind": resource.kind, "apiVersion": resource.api_version}
    if resource.type == "autoscaling.HorizontalPodAutoscaler":
        return as_version_one(shown)
    if resource.type == "events.Event":
        for new, old in RENAMED:
            if old in shown:
                shown[new] = shown.pop(old)
    return shown


def as_version_two(item: Object) -> Object:
    """Return an object of version 1 as it is stored."""
    spec, annotations = dict(item["spec"]), dict(item["metadata"].get("annotations") or {})
    target = spec.pop(TARGET, None)
    metrics = [_utilization(target)] if target is not None else []
    metrics += json.loads(annotations.pop(METRICS, "[]"))
    behaviour = json.loads(annotations.pop(BEHAVIOUR, "null"))
    metadata = {key: value for key, value in item["metadata"].items() if key != "annotations"}
    status = item.get("status") or {}
    return {
        "kind": item["kind"],
        "apiVersion": "autoscaling/v2",
        "metadata": {**metadata, **({"annotations": annotations} if annotations else {})},
        "spec": {**spec, "metrics": metrics, **({"behavior": behaviour} if behaviour else {})},
        "status": {
            "currentMetrics": None,
            **{key: status[key] for key in STATUS if status.get(key)},
            "desiredReplicas": status.get("desiredReplicas", 0),
        },
    }


def as_version_one(item: Object) -> Object:
    """Return a stored object as version 1 shows it."""
    spec, metadata, status = dict(item["spec"]), dict(item["metadata"]), item.get("status") or {}
    metrics, behaviour = list(spec.pop("metrics", None) or []), spec.pop("behavior", None)
    target = next((metric for metric in metrics if _percent(metric) is not None), None)
    if target is not None:
        metrics.remove(target)
        spec[TARGET] = _percent(target)
    hidden = {key: json.dumps(value) for key, value in ((METRICS, metrics), (BEHAVIOUR, behaviour)) if value}
    if hidden:
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **hidden}
    counts = {"currentReplicas": 0, "desiredReplicas": 0, **{key: status[key] for key in STATUS if key in status}}
    return {**item, "metadata": metadata, "spec": spec, "status": counts}


def _utilization(percent: int) -> Object:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _percent(metric: Object) -> Any:
    """The share of the CPU that a metric aims at; None for a metric of anything else."""
    resource = metric.get("resource") or {}
    return resource.get("target", {}).get("averageUtilization") if resource.get("name") == "cpu" else None
