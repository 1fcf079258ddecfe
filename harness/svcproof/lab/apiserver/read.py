"""GET of an object and of a collection."""

import base64
import json
from collections.abc import Mapping

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import (
    ApiError,
    Cause,
    bad_request,
    expired,
    forbidden,
    not_supported,
    too_large_version,
    unprocessable,
)
from svcproof.lab.apiserver.present import presenter, respond
from svcproof.lab.apiserver.selectors import predicate
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.target import Target, existing, number

MATCHES = ("Exact", "NotOlderThan", "")


def get(store: Store, target: Target, request: web.Request) -> web.Response:
    """Answer with one object; raises ApiError 404."""
    show = presenter(request, target.resource)
    return respond(show.single(existing(store, target)), as_yaml=show.answer.yaml)


def list_(store: Store, target: Target, request: web.Request) -> web.Response:
    """Answer with a list, or with a page of `limit` objects."""
    show = presenter(request, target.resource)
    query = request.query
    check_list_options(query)
    version, after = _start(store, query)
    selected = predicate(target.resource, target.namespace, target.name, query)
    exact = version != store.version
    items = store.items_at(target.resource.store, version) if exact else store.items(target.resource.store)
    chosen = [item for item in items if selected(item) and _position(item) > after]
    metadata: Object = {"resourceVersion": str(version)}
    limit = number(query, "limit")
    if 0 < limit < len(chosen):
        metadata["continue"] = _token(version, _position(chosen[limit - 1]))
        if not query.get("labelSelector") and not query.get("fieldSelector"):
            metadata["remainingItemCount"] = len(chosen) - limit
        chosen = chosen[:limit]
    return respond(show.many(chosen, metadata), as_yaml=show.answer.yaml)


def parse_version(store: Store, text: str) -> int:
    """Read a resourceVersion, 0 if it is empty; raises ApiError 400 for junk and 504 for the future."""
    if not text:
        return 0
    if not text.isdigit():
        why = f'Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
        raise bad_request(f"invalid resource version: resourceVersion: {why}")
    if int(text) > store.version:
        raise too_large_version(int(text), store.version)
    return int(text)


def check_list_options(query: Mapping[str, str]) -> None:
    """Refuse combinations of options that make no sense; raises ApiError 422."""
    match, causes = query.get("resourceVersionMatch", ""), list[Cause]()
    field = "resourceVersionMatch"
    if match:
        if not query.get("resourceVersion"):
            causes.append(forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"))
        if query.get("continue"):
            causes.append(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"))
        if match not in MATCHES:
            causes.append(not_supported(field, match, MATCHES))
        if match == "Exact" and query.get("resourceVersion") == "0":
            causes.append(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    if query.get("sendInitialEvents"):
        causes.append(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if causes:
        raise unprocessable("ListOptions", "meta.k8s.io", "", causes)


def _start(store: Store, query: Mapping[str, str]) -> tuple[int, list[str]]:
    """The version to show, and the position after which the page begins."""
    if token := query.get("continue"):
        version, after = _read_token(token)
    else:
        requested = parse_version(store, query.get("resourceVersion", ""))
        version, after = (requested if query.get("resourceVersionMatch") == "Exact" else store.version), []
    if version < store.oldest():
        raise expired("The provided continue parameter is too old to display a consistent list result.")
    return version, after


def _position(item: Object) -> list[str]:
    return [item["metadata"].get("namespace", ""), item["metadata"]["name"]]


def _token(version: int, position: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps({"rv": version, "after": position}).encode()).decode().rstrip("=")


def _read_token(token: str) -> tuple[int, list[str]]:
    try:
        read = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return int(read["rv"]), list(read["after"])
    except (ValueError, KeyError, TypeError) as error:
        raise ApiError(400, "BadRequest", f"continue key is not valid: {error}") from error
