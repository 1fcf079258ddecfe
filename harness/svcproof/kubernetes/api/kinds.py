"""Kinds of objects, as classes of lightkube that hold plain dicts: those of the table, and any that a cluster serves.

lightkube's typed models drop fields they do not know, and a get with a replace would then delete these on the
server. An object here is what JSON has, no more and no less.
"""

from collections.abc import Sequence
from typing import Any

from lightkube.generic_resource import create_global_resource, create_namespaced_resource

from svcproof.api_kinds import KINDS, ApiKind
from svcproof.errors import UsageError
from svcproof.json_objects import Object


def _new_class(kind: ApiKind) -> Any:
    create = create_namespaced_resource if kind.namespaced else create_global_resource
    return create(kind.group, kind.version, kind.kind, kind.plural)


# Made once, and all kinds of the core group: lightkube refuses to make the same class of that group again.
CLASSES = {kind: _new_class(kind) for kind in KINDS}


def api_kind(name: str) -> ApiKind:
    """Return the kind called `Service` or `apps/v1 Deployment`; raises UsageError for one that the table lacks."""
    kind = _in_table(name)
    if kind is None:
        raise UsageError(f"unknown kind {name!r}; known are {', '.join(dict.fromkeys(kind.kind for kind in KINDS))}")
    return kind


def known_class(name: str) -> Any:
    """Return lightkube's class for a kind of the table; None for another one with its version, which may be served.

    Raises UsageError for another one without a version.
    """
    kind = _in_table(name) if "/" in name else api_kind(name)
    return kind and CLASSES[kind]


def served_class(name: str, served: Sequence[Object]) -> Any:
    """Return lightkube's class for `example.com/v1 Widget`, or None if it is not among the `served`.

    These are the resources of an APIResourceList, as the API server lists them for `example.com/v1`.
    """
    api_version, _, kind = name.rpartition(" ")
    group, _, version = api_version.partition("/")
    resource = next((resource for resource in served if resource["kind"] == kind and "/" not in resource["name"]), None)
    return resource and _new_class(ApiKind(group, version, resource["name"], kind, resource["namespaced"]))


def kind_of(manifest: Object) -> str:
    """Return the kind of an object in the form that `api_kind` reads."""
    return f"{manifest['apiVersion']} {manifest['kind']}"


def _in_table(name: str) -> ApiKind | None:
    return next((kind for kind in KINDS if name in (kind.kind, f"{kind.api_version} {kind.kind}")), None)
