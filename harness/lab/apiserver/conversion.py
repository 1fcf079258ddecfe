"""Events are served in two API versions over one storage; every other kind has one form."""

from harness.lab.apiserver.resources import Resource
from harness.model.cluster import Object

RENAMED = (
    ("regarding", "involvedObject"),
    ("note", "message"),
    ("reportingController", "reportingComponent"),
    ("deprecatedSource", "source"),
    ("deprecatedFirstTimestamp", "firstTimestamp"),
    ("deprecatedLastTimestamp", "lastTimestamp"),
    ("deprecatedCount", "count"),
)


def stored(resource: Resource, item: Object) -> Object:
    """Return `item` of `resource` as it is kept."""
    if resource.group != "events.k8s.io":
        return item
    kept = dict(item)
    for new, old in RENAMED:
        if new in kept:
            kept[old] = kept.pop(new)
    return {**kept, "apiVersion": "v1"}


def served(resource: Resource, item: Object) -> Object:
    """Return a kept object as `resource` shows it, kind and apiVersion first."""
    shown = {**item, "kind": resource.kind, "apiVersion": resource.api_version}
    if resource.group == "events.k8s.io":
        for new, old in RENAMED:
            if old in shown:
                shown[new] = shown.pop(old)
    return shown
