"""Owner references: which object another was made by, and goes with.

https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/
"""

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object


def owned_by(resource: ApiKind, owner: Object) -> list[Object]:
    """Owner references naming `owner` as the managing controller."""
    return [
        {
            "apiVersion": resource.api_version,
            "kind": resource.kind,
            "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def controller_of(item: Object) -> Object | None:
    """The reference to the object's managing controller, if it has one."""
    references = item["metadata"].get("ownerReferences") or ()
    return next((reference for reference in references if reference.get("controller")), None)


def is_controlled_by(item: Object, owner: Object) -> bool:
    """True if `owner` itself, not another object of its name, manages the object."""
    reference = controller_of(item)
    return reference is not None and reference["uid"] == owner["metadata"]["uid"]
