"""As much of OpenAPI v3 as kubectl needs to explain kinds, and to leave validation to this server.

For validation kubectl looks for a `patch` operation of the kind with a query parameter `fieldValidation`. What the
operation consumes is left out, so that for strategic merge patches kubectl goes by its own types.
"""

from functools import cache
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import unknown_path
from svcproof.lab.apiserver.resources import Resource, catalogue
from svcproof.lab.apiserver.schema import Field, types
from svcproof.lab.apiserver.schema.descriptions import ENUMERATIONS, FIELDS, KINDS, OTHERS

VERSION_TWO = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
SCALARS: dict[str, Object] = {
    "s": {"type": "string"},
    "i": {"type": "integer"},
    "b": {"type": "boolean"},
    "y": {"type": "string", "format": "byte"},
    "Time": {"type": "string", "format": "date-time"},
    "MicroTime": {"type": "string", "format": "date-time"},
    "Raw": {"type": "object"},
}
"""Types of the schema that have no entry of their own; Quantity and IntOrString are left, which may be either."""
NAMED = ("Quantity", "IntOrString")


def index() -> Object:
    """Answer to /openapi/v3."""
    paths = dict.fromkeys(_path(resource.group, resource.version) for resource in catalogue())
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}?hash=svcproof"} for path in paths}}


@cache
def document(path: str) -> Object:
    """Answer to /openapi/v3/PATH; raises ApiError 404."""
    resources = [resource for resource in catalogue() if _path(resource.group, resource.version) == path]
    if not resources:
        raise unknown_path()
    validation = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.3"},
        "components": {"schemas": _schemas(resources)},
        "paths": {
            f"/{path}/{resource.plural}/{{name}}": {
                "patch": {
                    "parameters": [validation],
                    "responses": {},
                    "x-kubernetes-group-version-kind": _kind(resource),
                }
            }
            for resource in resources
        },
    }


def version_two() -> bytes:
    """Answer to /openapi/v2: an empty document, in protobuf, for kubectl asks it about kinds that version 3 lacks.

    https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
    """
    return b"\n\x032.0"


def _schemas(resources: list[Resource]) -> Object:
    """The kinds, and whatever occurs within them."""
    schemas: Object = {name: {} for name in NAMED}
    for resource in resources:
        schema = _schema(resource.type)
        schemas[resource.type] = {
            **schema,
            "description": KINDS.get(resource.type, OTHERS),
            "properties": {"apiVersion": SCALARS["s"], "kind": SCALARS["s"], **schema["properties"]},
            "x-kubernetes-group-version-kind": [_kind(resource)],
        }
    pending = [field.type for resource in resources for field in types()[resource.type].fields.values() if field.struct]
    while pending:
        name = pending.pop()
        if name not in schemas:
            schemas[name] = _schema(name)
            pending += [field.type for field in types()[name].fields.values() if field.struct]
    return schemas


def _schema(type_name: str) -> Object:
    properties = {name: _property(type_name, name, field) for name, field in types()[type_name].fields.items()}
    return {"type": "object", "properties": properties}


def _property(type_name: str, name: str, field: Field) -> Object:
    description = FIELDS.get(type_name, {}).get(name)
    allowed = ENUMERATIONS.get((type_name, name))
    element: Any = SCALARS.get(field.type) or {"allOf": [{"$ref": f"#/components/schemas/{field.type}"}]}
    if field.container == "[]":
        element = {"type": "array", "items": element}
    elif field.container:
        element = {"type": "object", "additionalProperties": element}
    return {
        **element,
        **({"description": description} if description else {}),
        **({"enum": list(allowed)} if allowed else {}),
    }


def _kind(resource: Resource) -> Object:
    return {"group": resource.group, "version": resource.version, "kind": resource.kind}


def _path(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"
