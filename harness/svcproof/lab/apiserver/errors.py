"""Errors, as the Status objects of a real API server.

Messages and reasons follow k8s.io/apimachinery/pkg/api/errors and pkg/util/validation/field.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource


@dataclass(frozen=True, slots=True)
class Cause:
    """A problem of a field."""

    reason: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class ApiError(Exception):
    """A request that is refused; `status` is the Status object the client gets."""

    def __init__(self, code: int, reason: str, message: str, details: Object | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": message,
            "reason": reason,
            **({"details": details} if details is not None else {}),
            "code": code,
        }


class NoPageError(Exception):
    """A path under which nothing at all is served: the answer is plain text."""


def required(field: str, detail: str = "") -> Cause:
    """The cause for a field that is missing."""
    return Cause("FieldValueRequired", field, "Required value" + (f": {detail}" if detail else ""))


def invalid(field: str, value: object, detail: str) -> Cause:
    """The cause for a malformed value."""
    return Cause("FieldValueInvalid", field, f"Invalid value: {_as_json(value)}: {detail}")


def duplicate(field: str, value: object) -> Cause:
    """The cause for a value that occurs twice."""
    return Cause("FieldValueDuplicate", field, f"Duplicate value: {_as_json(value)}")


def forbidden(field: str, detail: str) -> Cause:
    """The cause for a field that must not be set."""
    return Cause("FieldValueForbidden", field, f"Forbidden: {detail}")


def not_supported(field: str, value: object, supported: Sequence[str]) -> Cause:
    """The cause for a value outside an enumeration."""
    values = ", ".join(json.dumps(choice) for choice in supported)
    return Cause("FieldValueNotSupported", field, f"Unsupported value: {_as_json(value)}: supported values: {values}")


def too_long(field: str, limit: int) -> Cause:
    """The cause for a value of more than `limit` bytes."""
    return Cause("FieldValueTooLong", field, f"Too long: may not be more than {limit} bytes")


def too_many(field: str, actual: int, limit: int) -> Cause:
    """The cause for a list of more than `limit` elements."""
    return Cause("FieldValueTooMany", field, f"Too many: {actual}: must have at most {limit} items")


def not_found(resource: Resource, name: str) -> ApiError:
    """The error 404 for an object that does not exist."""
    return ApiError(404, "NotFound", f'{resource.qualified} "{name}" not found', _details(resource, name))


def already_exists(resource: Resource, name: str) -> ApiError:
    """The error 409 for the creation of an object that exists."""
    return ApiError(409, "AlreadyExists", f'{resource.qualified} "{name}" already exists', _details(resource, name))


def conflict(resource: Resource, name: str, why: str) -> ApiError:
    """The error 409 for an update that contradicts the current object."""
    message = f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}'
    return ApiError(409, "Conflict", message, _details(resource, name))


def modified(resource: Resource, name: str) -> ApiError:
    """The error 409 for an old resourceVersion."""
    why = "the object has been modified; please apply your changes to the latest version and try again"
    return conflict(resource, name, why)


def denied(resource: Resource, name: str, why: str, causes: Sequence[Cause] = ()) -> ApiError:
    """The error 403 for a write that the server refuses."""
    message = f'{resource.qualified} "{name}" is forbidden: {why}'
    return ApiError(403, "Forbidden", message, _details(resource, name, causes))


def unprocessable(kind: str, group: str, name: str, causes: Sequence[Cause]) -> ApiError:
    """The error 422 with a cause for each invalid field."""
    shown = str(causes[0]) if len(causes) == 1 else f"[{', '.join(str(cause) for cause in causes)}]"
    qualified = f"{kind}.{group}" if group else kind
    details: Object = {
        **({"name": name} if name else {}),
        **({"group": group} if group else {}),
        "kind": kind,
        "causes": [_cause(cause) for cause in causes],
    }
    return ApiError(422, "Invalid", f'{qualified} "{name}" is invalid: {shown}', details)


def bad_request(message: str) -> ApiError:
    """The error 400 for a request that cannot be read."""
    return ApiError(400, "BadRequest", message)


def unknown_path() -> ApiError:
    """The error 404 for a path that no resource has."""
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def method_not_allowed() -> ApiError:
    """The error 405 for a verb that a resource lacks."""
    return ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})


def unauthorized() -> ApiError:
    """The error 401 for a caller without a valid token."""
    return ApiError(401, "Unauthorized", "Unauthorized")


def internal_error(why: str) -> ApiError:
    """The error 500 for a failure of the server."""
    return ApiError(500, "InternalError", f"Internal error occurred: {why}", {"causes": [{"message": why}]})


def expired(message: str) -> ApiError:
    """The error 410 for a version that is no longer kept."""
    return ApiError(410, "Expired", message)


def too_large_version(requested: int, current: int) -> ApiError:
    """The error 504 for a version that is yet to come."""
    cause: Object = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    message = f"Timeout: Too large resource version: {requested}, current: {current}"
    return ApiError(504, "Timeout", message, {"causes": [cause], "retryAfterSeconds": 1})


def success(resource: Resource, name: str, uid: str) -> Object:
    """The Status that answers a finished deletion."""
    details = {**_details(resource, name), "uid": uid}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def _details(resource: Resource, name: str, causes: Sequence[Cause] = ()) -> Object:
    details: Object = {"name": name, **({"group": resource.group} if resource.group else {}), "kind": resource.plural}
    if causes:
        details["causes"] = [_cause(cause) for cause in causes]
    return details


def _cause(cause: Cause) -> dict[str, Any]:
    return {"reason": cause.reason, "message": cause.message, "field": cause.field}


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
