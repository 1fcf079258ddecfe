"""The body of a write: its checks, its canonical form, and the warnings about it."""

from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.resources import Resource, served
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.schema.strict import type_errors, unknown_fields


@dataclass(frozen=True, slots=True)
class Received:
    """An object and the texts of its Warning headers."""

    item: Object
    warnings: tuple[str, ...] = ()


def receive(resource: Resource, body: Object, options: WriteOptions) -> Received:
    """Check kind and fields; raises ApiError 400 for another kind, mistyped values and, if strict, unknown fields."""
    body = {**body, **{key: body.get(key) or default for key, default in _kind_of(resource)}}
    _check_kind(resource, body)
    for problem in type_errors(resource.type, body):
        raise _decoding_error(resource, problem)
    unknown = [f'unknown field "{path}"' for path in unknown_fields(resource.type, body)]
    if unknown and options.validation == "Strict":
        raise _decoding_error(resource, f"strict decoding error: {', '.join(unknown)}")
    warnings = tuple(unknown) if options.validation == "Warn" else ()
    return Received(canonical(resource.type, body), warnings)


def _kind_of(resource: Resource) -> tuple[tuple[str, str], ...]:
    return ("apiVersion", resource.api_version), ("kind", resource.kind)


def _decoding_error(resource: Resource, why: str) -> ApiError:
    kind = resource.kind
    return bad_request(f'{kind} in version "{resource.version}" cannot be handled as a {kind}: {why}')


def _check_kind(resource: Resource, body: Object) -> None:
    for key, _ in _kind_of(resource):
        if not isinstance(body[key], str):
            raise bad_request(f"couldn't get version/kind; json parse error: {key} is not a string")
    group, _, version = body["apiVersion"].rpartition("/")
    if not served(group, version):
        registered = f'no kind "{body["kind"]}" is registered for version "{body["apiVersion"]}" in scheme'
        raise bad_request(
            f'{body["kind"]} in version "{version}" cannot be handled as a {resource.kind}: '
            f'{registered} "pkg/runtime/scheme.go:111"'
        )
    if body["apiVersion"] != resource.api_version:
        raise bad_request(
            f"the API version in the data ({body['apiVersion']}) does not match "
            f"the expected API version ({resource.api_version})"
        )
    if body["kind"] != resource.kind:
        raise bad_request(
            f'{body["kind"]} in version "{resource.version}" cannot be handled as a {resource.kind}: '
            f"converting (v1.{body['kind']}) to ({resource.type}): unknown conversion"
        )
