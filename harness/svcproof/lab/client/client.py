"""Requests to the API server."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from ssl import SSLContext
from typing import Any

import aiohttp

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client.error import ApiError

REQUEST_SECONDS = 30.0
WATCH_SECONDS = 300
TLS_END = 0.25
"""Seconds in which connections close after their session; without TLS they do in the event loop's next round."""
LONGEST_LINE = 8 << 20
"""Bytes of the longest watch event read; etcd holds no object larger than 1.5 MiB."""


class PatchType(StrEnum):
    """The kind of a patch: its media type."""

    MERGE = "application/merge-patch+json"
    STRATEGIC = "application/strategic-merge-patch+json"
    JSON = "application/json-patch+json"


class Client:
    """Talks to one API server; to be made, used and closed in one event loop.

    `socket` is the unix socket the builtin server listens on; without it, `base_url` is connected to, with `ssl`
    to check its certificate and `token` as bearer. Every method raises ApiError for what the server refuses and
    aiohttp.ClientError where it cannot be reached.
    """

    def __init__(
        self, base_url: str, *, socket: Path | None = None, token: str = "", ssl: SSLContext | None = None
    ) -> None:
        connector = (
            aiohttp.UnixConnector(str(socket), limit=0)
            if socket
            else aiohttp.TCPConnector(limit=0, ssl=True if ssl is None else ssl)
        )
        self._base = base_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=connector,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=aiohttp.ClientTimeout(total=REQUEST_SECONDS),
            read_bufsize=LONGEST_LINE // 2,
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give up all connections."""
        await self._session.close()
        # https://docs.aiohttp.org/en/stable/client_advanced.html#graceful-shutdown
        await asyncio.sleep(TLS_END if self._base.startswith("https:") else 0)

    async def get(self, resource: ApiKind, name: str, namespace: str | None = None) -> Object:
        """Return one object."""
        return await self._ask("GET", resource.path(namespace, name))

    async def list(
        self,
        resource: ApiKind,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
    ) -> Object:
        """Return the List object: `items`, and `metadata.resourceVersion` to watch from."""
        query = _without_empty(labelSelector=label_selector, fieldSelector=field_selector)
        return await self._ask("GET", resource.path(namespace), query=query)

    async def create(self, resource: ApiKind, body: Object) -> Object:
        """Create an object, in the namespace that it names."""
        return await self._ask("POST", resource.path(body["metadata"].get("namespace")), body=_typed(resource, body))

    async def create_sub(self, resource: ApiKind, name: str, namespace: str, subresource: str, body: Object) -> Object:
        """POST to a subresource that is an action, such as `binding` or `eviction` of a pod."""
        return await self._ask("POST", resource.path(namespace, name, subresource), body=body)

    async def replace(self, resource: ApiKind, body: Object, *, subresource: str = "") -> Object:
        """Replace an object by `body`; a resourceVersion in it makes that conditional."""
        path = resource.path(body["metadata"].get("namespace"), body["metadata"]["name"], subresource)
        return await self._ask("PUT", path, body=_typed(resource, body))

    async def patch(
        self,
        resource: ApiKind,
        name: str,
        patch: Any,
        namespace: str | None = None,
        *,
        type: PatchType = PatchType.MERGE,  # noqa: A002 - the field's word
        subresource: str = "",
    ) -> Object:
        """Change part of an object: `patch` is an object, or a list of operations for PatchType.JSON."""
        return await self._ask("PATCH", resource.path(namespace, name, subresource), body=patch, media=type)

    async def delete(
        self,
        resource: ApiKind,
        name: str,
        namespace: str | None = None,
        *,
        grace: int | None = None,
        propagation: str = "",
        uid: str = "",
    ) -> Object:
        """Delete an object, only the one of this `uid` if given; `grace` in seconds, 0 removes a pod at once."""
        options = _without_empty(
            gracePeriodSeconds=grace, propagationPolicy=propagation, preconditions={"uid": uid} if uid else None
        )
        body = {"kind": "DeleteOptions", "apiVersion": "v1", **options}
        return await self._ask("DELETE", resource.path(namespace, name), body=body)

    async def check_health(self) -> None:
        """Ask the server how it is; raises ApiError where it is not healthy, or not yet."""
        await self._ask("GET", "/healthz")

    async def resources(self) -> tuple[ApiKind, ...]:
        """Return every kind that can be listed and deleted, in the version that the server prefers."""
        groups = (await self._ask("GET", "/apis"))["groups"]
        paths = ["/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups)]
        return tuple([kind for path in paths for kind in _kinds(await self._ask("GET", path))])

    async def watch(
        self,
        resource: ApiKind,
        version: str,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
    ) -> AsyncIterator[Object]:
        """Yield watch events, `{type, object}`, after resource version `version`, until the server ends the watch."""
        query = _without_empty(labelSelector=label_selector, fieldSelector=field_selector) | {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": version,
            "timeoutSeconds": str(WATCH_SECONDS),
        }
        path = resource.path(namespace)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=REQUEST_SECONDS, sock_read=WATCH_SECONDS + 30)
        async with self._session.get(self._base + path, params=query, timeout=timeout) as answer:
            if answer.status >= 400:
                raise ApiError.of(answer.status, _read(await answer.read()), f"watch {path}")
            try:
                async for line in answer.content:
                    yield json.loads(line)
            finally:
                _hang_up(answer)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        media: str = "application/json",
    ) -> Object:
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        headers = {"Content-Type": media} if data else {}
        async with self._session.request(method, self._base + path, params=query, data=data, headers=headers) as answer:
            read = _read(await answer.read())
            if answer.status >= 400:
                raise ApiError.of(answer.status, read, f"{method} {path}")
            return read  # type: ignore[no-any-return]


def _hang_up(answer: aiohttp.ClientResponse) -> None:
    """Give up a connection at once: in the middle of a watch, a polite end of TLS would only wait for the server's."""
    if answer.connection is not None and answer.connection.transport is not None:
        answer.connection.transport.abort()


def _kinds(listed: Object) -> Iterator[ApiKind]:
    group, _, version = listed["groupVersion"].rpartition("/")
    for kind in listed["resources"]:
        if "/" not in kind["name"] and {"list", "delete"} <= set(kind["verbs"]):
            yield ApiKind(group, version, kind["name"], kind["kind"], kind["namespaced"])


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


def _typed(resource: ApiKind, body: Object) -> Object:
    return {"apiVersion": resource.api_version, "kind": resource.kind, **body}


def _without_empty(**options: Any) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value not in ("", None)}
