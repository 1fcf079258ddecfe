"""The target of a request, read from its path and query."""

from collections.abc import Mapping
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import NoPageError, bad_request, not_found, unknown_path
from svcproof.lab.apiserver.resources import Resource, find, served
from svcproof.lab.apiserver.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A collection (no name), an object or a subresource; the path after `proxy` is not part of it."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The key in the store."""
        return self.namespace, self.name


def target_of(path: str) -> Target:
    """Read a path under /api or /apis; raises ApiError 404 if it leads to no resource.

    https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
    """
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        raise unknown_path()
    if not served(group, version):
        raise NoPageError
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in {"status", "finalize"}:
        namespace, rest = rest[1], rest[2:]
    resource = find(group, version, rest[0])
    name, subresource = (*rest[1:3], "", "")[:2]
    if resource is None or (namespace and not resource.namespaced):
        raise unknown_path()
    lacks_namespace = name and resource.namespaced and not namespace
    goes_on = len(rest) > 3 and subresource != "proxy"
    if lacks_namespace or goes_on or subresource not in ("", *resource.subresources):
        raise unknown_path()
    return Target(resource=resource, namespace=namespace, name=name, subresource=subresource)


def existing(store: Store, target: Target) -> Object:
    """Return the object that a target names; raises ApiError 404 if there is none."""
    item = store.get(target.resource.store, target.key)
    if item is None:
        raise not_found(target.resource, target.name)
    return item


def number(query: Mapping[str, str], name: str) -> int:
    """The value of a numeric parameter, 0 if it is missing; raises ApiError 400."""
    text = query.get(name) or "0"
    if not text.removeprefix("-").isdecimal():
        raise bad_request(f'{name}: strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def flag(query: Mapping[str, str], name: str) -> bool:
    """Return True if a boolean parameter is set."""
    return query.get(name, "").lower() in {"true", "1"}
