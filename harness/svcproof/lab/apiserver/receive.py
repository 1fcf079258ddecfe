"""From what a client sent to an object in canonical form, with what is to be warned of."""

from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request
from svcproof.lab.apiserver.options import WriteOptions
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.schema.strict import mistyped, unknown_fields
from svcproof.lab.apiserver.target import group_exists


@dataclass(frozen=True, slots=True)
class Received:
    """An object and the texts of its Warning headers."""

    item: Object
    warnings: tuple[str, ...] = ()


def receive(resource: Resource, given: Object, options: WriteOptions) -> Received:
    """Check kind and fields; raises ApiError 400 for another kind, mistyped values and, if strict, unknown fields."""
    given = {**given, **{key: given.get(key) or default for key, default in _named(resource)}}
    _check_kind(resource, given)
    for problem in mistyped(resource.type, given):
        raise _undecodable(resource, problem)
    unknown = [f'unknown field "{path}"' for path in unknown_fields(resource.type, given)]
    if unknown and options.validation == "Strict":
        raise _undecodable(resource, f"strict decoding error: {', '.join(unknown)}")
    warnings = tuple(unknown) if options.validation == "Warn" else ()
    return Received(canonical(resource.type, given), warnings)


def _named(resource: Resource) -> tuple[tuple[str, str], ...]:
    return ("apiVersion", resource.api_version), ("kind", resource.kind)


def _undecodable(resource: Resource, why: str) -> ApiError:
    kind = resource.kind
    return bad_request(f'{kind} in version "{resource.version}" cannot be handled as a {kind}: {why}')


def _check_kind(resource: Resource, given: Object) -> None:
    for key, _ in _named(resource):
        if not isinstance(given[key], str):
            raise bad_request(f"couldn't get version/kind; json parse error: {key} is not a string")
    group, _, version = given["apiVersion"].rpartition("/")
    if not group_exists(group, version):
        registered = f'no kind "{given["kind"]}" is registered for version "{given["apiVersion"]}" in scheme'
        raise bad_request(
            f'{given["kind"]} in version "{version}" cannot be handled as a {resource.kind}: '
            f'{registered} "pkg/runtime/scheme.go:111"'
        )
    if given["apiVersion"] != resource.api_version:
        raise bad_request(
            f"the API version in the data ({given['apiVersion']}) does not match "
            f"the expected API version ({resource.api_version})"
        )
    if given["kind"] != resource.kind:
        raise bad_request(
            f'{given["kind"]} in version "{resource.version}" cannot be handled as a {resource.kind}: '
            f"converting (v1.{given['kind']}) to ({resource.type}): unknown conversion"
        )
