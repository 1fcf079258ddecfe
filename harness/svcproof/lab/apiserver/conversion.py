"""Kinds that are served in two API versions over one storage: Events, and HorizontalPodAutoscalers."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.autoscaling import as_version_one, as_version_two
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
