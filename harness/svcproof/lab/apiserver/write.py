"""The way of an object from the body of a request into the store.

https://kubernetes.io/docs/reference/using-api/api-concepts/
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver import metadata
from svcproof.lab.apiserver.admission import Admission
from svcproof.lab.apiserver.conversion import served_form, stored_form
from svcproof.lab.apiserver.defaults import set_defaults
from svcproof.lab.apiserver.errors import already_exists, bad_request, conflict, modified, unprocessable
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.receive import Received, receive
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.target import Target, existing
from svcproof.lab.apiserver.validation import validate, validate_update
from svcproof.lab.apiserver.warnings import warnings_about

Change = Callable[[Object], Object]
KEPT_STATUS = frozenset({"core.Node", "networking.ServiceCIDR"})
"""Kinds whose status may be set at creation."""


@dataclass(frozen=True, slots=True)
class Writer:
    """The only writer to the store."""

    store: Store
    admission: Admission

    def create(self, target: Target, body: Object, options: WriteOptions) -> Received:
        """Create an object; raises ApiError."""
        resource = target.resource
        received = receive(resource, body, options)
        item = received.item
        _check_namespace(target, item)
        metadata.set_creation_metadata(resource, item, target.namespace)
        if "status" in resource.subresources and resource.type not in KEPT_STATUS:
            item["status"] = {}
        set_defaults(resource, item)
        self.admission.check_namespace(target, item["metadata"].get("name", ""))
        claim = self.admission.admit_new(resource, item)
        if causes := validate(resource, item):
            claim.undo()
            raise unprocessable(resource.kind, resource.group, item["metadata"].get("name", ""), causes)
        item = self.admission.settle(resource, item, None, claim)
        stored_item = stored_form(resource, canonical(resource.type, item))
        key = (target.namespace, stored_item["metadata"]["name"])
        if self.store.get(resource.store, key) is not None:
            claim.undo()
            raise already_exists(resource, key[1])
        warnings = (*received.warnings, *warnings_about(resource, item))
        if options.dry_run:
            claim.undo()
            return Received(stored_item, warnings)
        claim.keep()
        created = self.store.put(resource.store, stored_item)
        self.admission.complete_namespace(resource, created)
        return Received(created, warnings)

    def update(self, target: Target, change: Change, options: WriteOptions) -> Received:
        """Replace an object by the result of `change`; raises ApiError."""
        resource, current = target.resource, existing(self.store, target)
        old = served_form(resource, current)
        received = receive(resource, change(copy.deepcopy(old)), options)
        item = received.item
        _check_identity(target, item, old)
        set_defaults(resource, item)
        _keep_unwritten_parts(target, item, old)
        metadata.restore_metadata(resource, item, old)
        claim = self.admission.admit_changed(resource, item, old, target.subresource)
        if causes := validate_update(resource, item, old, target.subresource):
            claim.undo()
            raise unprocessable(resource.kind, resource.group, target.name, causes)
        if target.subresource != "binding":
            metadata.count_generation(resource, item, old)
        if not target.subresource:
            item = self.admission.settle(resource, item, old, claim)
        stored_item = stored_form(resource, canonical(resource.type, item))
        warnings = (*received.warnings, *(() if target.subresource else warnings_about(resource, item)))
        if options.dry_run:
            claim.undo()
            return Received(stored_item, warnings)
        claim.keep()
        if stored_item == stored_form(resource, old):
            return Received(current, warnings)
        if self.is_finished(stored_item):
            return Received(self.remove(resource, stored_item), warnings)
        return Received(self.store.put(resource.store, stored_item), warnings)

    def remove(self, resource: Resource, last: Object) -> Object:
        """Take an object in its last state out of the store, and give back its addresses and ports."""
        removed = self.store.remove(resource.store, last)
        self.admission.release(resource, removed)
        return removed

    @staticmethod
    def is_finished(item: Object) -> bool:
        """Return True if an object waited only for its last finalizer."""
        meta = item["metadata"]
        waits = meta.get("finalizers") or (item.get("kind") == "Namespace" and item["spec"].get("finalizers"))
        return bool(meta.get("deletionTimestamp")) and not waits and not meta.get("deletionGracePeriodSeconds")


def _check_namespace(target: Target, item: Object) -> None:
    namespace = item["metadata"].get("namespace", "")
    if target.resource.namespaced and namespace and namespace != target.namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")


def _check_identity(target: Target, item: Object, old: Object) -> None:
    """Refuse an object that the path does not name, or that is not of the current version."""
    resource, new, current = target.resource, item["metadata"], old["metadata"]
    if new.get("name", "") != target.name:
        raise bad_request(
            f"the name of the object ({new.get('name', '')}) does not match the name on the URL ({target.name})"
        )
    _check_namespace(target, item)
    if new.get("uid") and new["uid"] != current["uid"]:
        why = f"Precondition failed: UID in precondition: {new['uid']}, UID in object meta: {current['uid']}"
        raise conflict(resource, target.name, why)
    if new.get("resourceVersion") and new["resourceVersion"] != current["resourceVersion"]:
        raise modified(resource, target.name)


def _keep_unwritten_parts(target: Target, item: Object, old: Object) -> None:
    """Keep, in place, the status in a write to the object, and all but the subresource in a write to that."""
    if target.subresource == "binding":
        return
    if target.subresource == "status":
        for key in {*old, *item}:
            if key not in {"metadata", "status"}:
                metadata.keep(item, old, key)
    elif "status" in target.resource.subresources:
        metadata.keep(item, old, "status")
    if target.subresource == "ephemeralcontainers":
        added = item["spec"].get("ephemeralContainers")
        metadata.keep(item, old, "spec")
        item["spec"]["ephemeralContainers"] = added or []
    if target.resource.kind == "Namespace" and target.subresource != "finalize":
        metadata.keep(item, old, "spec")
