"""The HTTP proxy to pods, Services and nodes.

https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
"""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from yarl import URL

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import ApiError, bad_request, not_found
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.target import Target
from svcproof.lab.layout import KUBELET_PORT

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "authorization", "host"}
)
CHUNK = 65536
SESSION = web.AppKey("SESSION", aiohttp.ClientSession)


@dataclass(frozen=True, slots=True)
class Destination:
    """The destination of a request; the scheme is http unless the path has another."""

    scheme: str
    host: str
    port: int


async def session(app: web.Application) -> AsyncIterator[None]:
    """Hold one client session as long as the application runs."""
    async with aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(ssl=False)) as client:
        app[SESSION] = client
        yield


async def proxy(store: Store, target: Target, request: web.Request) -> web.StreamResponse:
    """Pass a request on and its answer back; raises ApiError 503 if there is none."""
    destination = destination_of(store, target)
    # /api/v1/namespaces/NAMESPACE/pods/NAME/proxy/... and /api/v1/nodes/NAME/proxy/...
    depth = 8 if target.namespace else 6
    below, query = request.rel_url.raw_path.split("/", depth)[depth:], request.rel_url.raw_query_string
    if not below and request.method in {"GET", "HEAD"}:
        location = f"{request.rel_url.raw_path}/" + (f"?{query}" if query else "")
        return web.Response(status=301, headers={"Location": location})
    host = f"[{destination.host}]" if ":" in destination.host else destination.host
    url = URL(f"{destination.scheme}://{host}:{destination.port}/{''.join(below)}", encoded=True).with_query(query)
    headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
    try:
        async with request.app[SESSION].request(
            request.method, url, headers=headers, data=await request.read() or None, allow_redirects=False
        ) as answer:
            response = web.StreamResponse(status=answer.status, reason=answer.reason)
            for name, value in answer.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    response.headers.add(name, value)
            await response.prepare(request)
            async for chunk in answer.content.iter_chunked(CHUNK):
                await response.write(chunk)
            return response
    except aiohttp.ClientError as error:
        why = f"error trying to reach service: {error}"
        raise ApiError(503, "ServiceUnavailable", why) from error


def destination_of(store: Store, target: Target) -> Destination:
    """Return the destination of `[scheme:]name[:port]`; raises ApiError."""
    parts = target.name.split(":")
    scheme, name, port = {1: ("", parts[0], ""), 2: ("", *parts), 3: tuple(parts)}.get(len(parts), ("?", "", ""))
    if scheme not in {"", "http", "https"}:
        raise bad_request(f"invalid {target.resource.singular} request {target.name!r}")
    item = store.get(target.resource.store, (target.namespace, name))
    if item is None:
        raise not_found(target.resource, name)
    match target.resource.kind:
        case "Pod":
            return _pod(item, scheme or "http", port)
        case "Service":
            return _service(store, item, scheme or "http", port)
        case _:
            return _node(item, scheme, port)


def _pod(pod: Object, scheme: str, port: str) -> Destination:
    address = (pod.get("status") or {}).get("podIP")
    if not address:
        raise bad_request("address not allowed")
    declared = [
        container_port["containerPort"]
        for container in pod["spec"]["containers"]
        for container_port in container.get("ports") or []
    ]
    return Destination(scheme, address, int(port) if port.isdigit() else next(iter(declared), 80))


def _service(store: Store, service: Object, scheme: str, port: str) -> Destination:
    """A ready endpoint, taken at random, for the port named or numbered."""
    metadata = service["metadata"]
    ports = service["spec"].get("ports") or []
    chosen = [entry for entry in ports if not port or port in {entry.get("name"), str(entry["port"])}]
    destinations = [
        Destination(scheme, address, slice_port["port"])
        for item in store.items("endpointslices.discovery.k8s.io", metadata["namespace"])
        if (item["metadata"].get("labels") or {}).get("kubernetes.io/service-name") == metadata["name"]
        for slice_port in item.get("ports") or []
        if chosen and slice_port.get("name", "") == chosen[0].get("name", "")
        for endpoint in item.get("endpoints") or []
        if (endpoint.get("conditions") or {}).get("ready") is not False
        for address in endpoint["addresses"]
    ]
    if not destinations:
        why = f'no endpoints available for service "{metadata["name"]}"'
        raise ApiError(503, "ServiceUnavailable", why)
    return random.choice(destinations)


def _node(node: Object, scheme: str, port: str) -> Destination:
    addresses = (node.get("status") or {}).get("addresses") or []
    for address in addresses:
        if address["type"] == "InternalIP":
            number = int(port) if port.isdigit() else KUBELET_PORT
            return Destination(scheme or "https", address["address"], number)
    raise bad_request(f"node {node['metadata']['name']} has no InternalIP")
