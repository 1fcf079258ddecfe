"""As much of OpenAPI v3 as kubectl needs to leave validation to this server.

kubectl looks only for a `patch` operation of the kind with a query parameter `fieldValidation`; finding no schema for
strategic merge patches it falls back to its own types. So there are no schemas here, and `kubectl explain` has none.
"""

from harness.lab.apiserver.errors import unknown_path
from harness.lab.apiserver.resources import catalogue
from harness.model.cluster import Object

VERSION_TWO = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"


def index() -> Object:
    """Answer to /openapi/v3."""
    paths = dict.fromkeys(_path(one.group, one.version) for one in catalogue())
    return {"paths": {path: {"serverRelativeURL": f"/openapi/v3/{path}?hash=svcproof"} for path in paths}}


def document(path: str) -> Object:
    """Answer to /openapi/v3/PATH; raises ApiError 404."""
    served = [one for one in catalogue() if _path(one.group, one.version) == path]
    if not served:
        raise unknown_path()
    validation = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.3"},
        "components": {"schemas": {}},
        "paths": {
            f"/{path}/{one.plural}/{{name}}": {
                "patch": {
                    "parameters": [validation],
                    "responses": {},
                    "x-kubernetes-group-version-kind": {"group": one.group, "version": one.version, "kind": one.kind},
                }
            }
            for one in served
        },
    }


def version_two() -> bytes:
    """Answer to /openapi/v2: an empty document, in protobuf, for kubectl asks it about kinds that version 3 lacks.

    https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
    """
    return b"\n\x032.0"


def _path(group: str, version: str) -> str:
    return f"apis/{group}/{version}" if group else f"api/{version}"
