"""Deletion: at once, after a grace period, or when the last finalizer is gone.

https://kubernetes.io/docs/concepts/architecture/garbage-collection/ and
https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

import copy

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import conflict, denied, success
from svcproof.lab.apiserver.metadata import now
from svcproof.lab.apiserver.options import DeleteOptions
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.target import Target, existing
from svcproof.lab.apiserver.write import Writer

DEFAULT_GRACE = 30
IMMORTAL = frozenset({"default", "kube-public", "kube-system"})
POLICY_FINALIZERS = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}


def delete(writer: Writer, target: Target, options: DeleteOptions) -> Object:
    """Delete one object; returns the answer to the client; raises ApiError."""
    resource, current = target.resource, existing(writer.store, target)
    _check_preconditions(resource, current, options)
    item = copy.deepcopy(current)
    grace = _grace(resource, current, options)
    metadata = item["metadata"]
    _add_finalizer(resource, metadata, options)
    if resource.kind == "Namespace":
        return _delete_namespace(writer, target, item, options)
    if metadata.get("deletionTimestamp") and grace >= metadata.get("deletionGracePeriodSeconds", 0) > 0:
        return current
    if options.dry_run:
        return current
    if resource.type == "core.Pod" or metadata.get("finalizers"):
        _mark_deleted(metadata, grace)
    if not grace and not metadata.get("finalizers"):
        removed = writer.remove(resource, item)
        return removed if resource.returned else success(resource, target.name, removed["metadata"]["uid"])
    return writer.store.put(resource.store, item) if item != current else current


def _delete_namespace(writer: Writer, target: Target, item: Object, options: DeleteOptions) -> Object:
    """Mark a namespace, which goes once a controller has emptied it and taken the finalizer from its spec."""
    resource, current, metadata = target.resource, copy.deepcopy(item), item["metadata"]
    if target.name in IMMORTAL:
        raise denied(resource, target.name, "this namespace may not be deleted")
    metadata.setdefault("deletionTimestamp", now())
    item["status"] = {**(item.get("status") or {}), "phase": "Terminating"}
    if options.dry_run:
        return item
    if writer.is_finished(item):
        return writer.remove(resource, item)
    return writer.store.put(resource.store, item) if item != current else current


def _check_preconditions(resource: Resource, current: Object, options: DeleteOptions) -> None:
    metadata = current["metadata"]
    for expected, key, label in ((options.uid, "uid", "UID"), (options.version, "resourceVersion", "ResourceVersion")):
        if expected and expected != metadata[key]:
            why = f"{label} in precondition: {expected}, {label} in object meta: {metadata[key]}"
            raise conflict(resource, metadata["name"], f"Precondition failed: {why}")


def _grace(resource: Resource, current: Object, options: DeleteOptions) -> int:
    """The seconds that a pod has to end; 0 for other kinds."""
    if resource.type != "core.Pod":
        return 0
    spec, phase = current["spec"], (current.get("status") or {}).get("phase")
    if not spec.get("nodeName") or phase in {"Succeeded", "Failed"}:
        return 0
    if options.grace is not None:
        return max(0, options.grace)
    return int(spec.get("terminationGracePeriodSeconds", DEFAULT_GRACE))


def _add_finalizer(resource: Resource, metadata: Object, options: DeleteOptions) -> None:
    """Add the finalizer by which Foreground and Orphan wait for the garbage collector."""
    finalizer = POLICY_FINALIZERS.get(options.policy)
    if finalizer and resource.kind != "Namespace" and finalizer not in (metadata.get("finalizers") or []):
        metadata["finalizers"] = [*(metadata.get("finalizers") or []), finalizer]


def _mark_deleted(metadata: Object, grace: int) -> None:
    if metadata.get("deletionTimestamp") and not grace:
        metadata["deletionGracePeriodSeconds"] = 0
        return
    metadata["deletionTimestamp"] = now(grace)
    metadata["deletionGracePeriodSeconds"] = grace
    if "generation" in metadata:
        metadata["generation"] += 1
