"""The metadata of any kind."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, invalid, required, too_long
from svcproof.lab.apiserver.names import address, check, dns_label, dns_subdomain, labels, qualified_name
from svcproof.lab.apiserver.resources import Resource

LABEL_NAMES = frozenset({"core.Service", "core.Namespace"})
"""Kinds whose name becomes a DNS label."""
FREE_NAMES = frozenset({"rbac.Role", "rbac.RoleBinding", "rbac.ClusterRole", "rbac.ClusterRoleBinding"})
ANNOTATIONS_LIMIT = 256 * 1024


def validate_metadata(resource: Resource, item: Object) -> list[Cause]:
    """Return what is wrong with the metadata of a new object."""
    metadata = item["metadata"]
    name = metadata.get("name", "")
    if not name:
        causes = [required("metadata.name", "name or generateName is required")]
    elif resource.type in FREE_NAMES:
        causes = []
    elif resource.type == "networking.IPAddress":
        causes = check(address, name, "metadata.name")
    elif resource.type in LABEL_NAMES:
        causes = check(dns_label, name, "metadata.name")
    else:
        causes = check(dns_subdomain, name, "metadata.name")
    return [*causes, *validate_labels(item)]


def validate_labels(item: Object) -> list[Cause]:
    """Return what is wrong with labels, annotations and finalizers."""
    metadata = item["metadata"]
    annotations = metadata.get("annotations") or {}
    causes = labels(metadata.get("labels") or {}, "metadata.labels")
    for key in sorted(annotations):
        causes += check(qualified_name, key.lower(), "metadata.annotations")
    if sum(len(key) + len(value) for key, value in annotations.items()) > ANNOTATIONS_LIMIT:
        causes.append(too_long("metadata.annotations", ANNOTATIONS_LIMIT))
    causes += _owners(metadata.get("ownerReferences") or [])
    for index, finalizer in enumerate(metadata.get("finalizers") or []):
        if "/" not in finalizer and finalizer not in {"foregroundDeletion", "orphan", "kubernetes"}:
            why = "name is neither a standard finalizer name nor is it fully qualified"
            causes.append(invalid(f"metadata.finalizers[{index}]", finalizer, why))
    return causes


def _owners(references: list[Object]) -> list[Cause]:
    """Refuse owners that are not named in full, and more than one controller among them."""
    field, causes = "metadata.ownerReferences", list[Cause]()
    for reference in references:
        if not reference["apiVersion"]:
            causes.append(invalid(f"{field}.apiVersion", "", "version must not be empty"))
        needed = [key for key in ("kind", "name", "uid") if not reference[key]]
        causes += [invalid(f"{field}.{key}", "", "must not be empty") for key in needed]
    controllers = [reference for reference in references if reference.get("controller")]
    if len(controllers) > 1:
        first, second = (f"{reference['kind']}/{reference['name']}" for reference in controllers[:2])
        why = f'Only one reference can have Controller set to true. Found "true" in references for {first} and {second}'
        shown = [{"apiVersion": reference["apiVersion"], **reference} for reference in references]
        causes.append(invalid(field, shown, why))
    return causes
