"""The watch of one resource: list and watch it for ever, and report every change.

https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlencode

from svcproof.json_objects import Object
from svcproof.reference_proxy.kubeconfig import Access

log = logging.getLogger(__name__)
PATIENCE = 30.0
"""Seconds to wait for an answer to a list."""
WATCH = 240
"""Seconds after which the server is asked to end a watch, so that a dead connection is not trusted for ever."""
PAUSE = 0.2
"""Seconds until the next list, after trouble or when the server has forgotten the version last seen."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as the API's paths name it; `field` is a field selector."""

    path: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """All objects of a resource; replaces everything reported before."""

    resource: Resource
    objects: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One object was added, modified or, where `gone`, deleted."""

    resource: Resource
    object: Object
    gone: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """The API server could not be asked for a resource; what is known of it stays as it is."""

    resource: Resource


Report = Listed | Changed | Lost
Tell = Callable[[Report], None]


def follow(access: Access, resource: Resource, report: Tell) -> None:
    """Start a thread that reports the resource, list first, for as long as the process lives."""
    threading.Thread(target=_follow, args=(access, resource, report), name=resource.path, daemon=True).start()


def _follow(access: Access, resource: Resource, report: Tell) -> None:
    last = ""
    while True:
        try:
            _list_and_watch(access, resource, report)
        except (OSError, HTTPException, ValueError, LookupError) as trouble:
            if repr(trouble) != last:
                log.warning("watching %s: %r; trying again until it works", resource.path, trouble)
            last = repr(trouble)
            report(Lost(resource))
        time.sleep(PAUSE)


def _list_and_watch(access: Access, resource: Resource, report: Tell) -> None:
    """Return when the server no longer knows the version last seen, so that a new list is due."""
    [listing] = _ask(access, resource, {}, PATIENCE)
    report(Listed(resource, tuple(listing.get("items") or ())))
    version = listing["metadata"]["resourceVersion"]
    while True:
        options = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(WATCH),
        }
        for event in _ask(access, resource, options, WATCH + PATIENCE):
            if event["type"] == "ERROR":
                return
            version = event["object"]["metadata"]["resourceVersion"]
            if event["type"] != "BOOKMARK":
                report(Changed(resource, event["object"], gone=event["type"] == "DELETED"))


def _ask(access: Access, resource: Resource, options: dict[str, str], timeout: float) -> Iterator[Object]:
    """GET and yield the JSON documents of the answer, one a line."""
    query = urlencode({**options, **({"fieldSelector": resource.field} if resource.field else {})})
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {access.token}"} if access.token else {})}
    connection = access.connect(timeout)
    try:
        connection.request("GET", f"{resource.path}?{query}", headers=headers)
        response = connection.getresponse()
        if response.status == 410:
            yield {"type": "ERROR"}
        elif response.status != 200:
            raise ValueError(f"the API server answered {response.status} {response.read(300)!r}")
        else:
            yield from (json.loads(line) for line in response)
    finally:
        connection.close()
