"""The server: one application over one store, to be served on any number of sockets."""

import asyncio
import hmac
import logging
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from svcproof.lab.apiserver import discovery, openapi, streams
from svcproof.lab.apiserver.admission import Admission
from svcproof.lab.apiserver.allocation import pools
from svcproof.lab.apiserver.bootstrap import bootstrap, keep_api_service
from svcproof.lab.apiserver.errors import ApiError, NoPageError, internal_error, unauthorized
from svcproof.lab.apiserver.handlers import Handlers
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.subresources.access import Tokens
from svcproof.lab.apiserver.subresources.proxy import session
from svcproof.lab.apiserver.watch import WATCHES, end_watches
from svcproof.lab.apiserver.write import Writer
from svcproof.lab.layout import API_PORT, Layout

LOG = logging.getLogger(__name__)
LARGEST_BODY = 3 * 1024 * 1024
PUBLIC = ("/healthz", "/livez", "/readyz", "/version")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConfig:
    """The configuration of the API server.

    `token` is the bearer token of every caller over TCP; `rules` decide on the numbers of Services;
    `authority` is the PEM of the CA, for the ConfigMaps `kube-root-ca.crt`.
    """

    layout: Layout
    token: str
    rules: Rules = field(default_factory=Rules)
    authority: str = ""


def application(config: ApiConfig) -> web.Application:
    """Return the API server of one lab, with the objects that every cluster has."""
    store, tokens = Store(), Tokens()
    writer = Writer(
        store, Admission(store, pools(config.layout, config.rules.take_port), config.authority, config.rules)
    )
    bootstrap(writer, config.layout)
    app = web.Application(
        middlewares=[_answer_refusals, _authorisation(config.token, tokens)], client_max_size=LARGEST_BODY
    )
    # With and without a slash at the end, as Go's server serves them.
    for path, handler in _server_paths(f"{config.layout.fabric[0]}:{API_PORT}"):
        app.router.add_get(path, handler)
        app.router.add_get(f"{path}/", handler)
    app.router.add_get("/openapi/v2", _openapi_version_two)
    app.router.add_get("/openapi/v3/{path:.*}", _openapi)
    app.router.add_routes(streams.routes(store))
    handlers = Handlers(writer, tokens)
    app.router.add_route("*", "/api/{version}/{path:.*}", handlers.handle)
    app.router.add_route("*", "/apis/{group}/{version}/{path:.*}", handlers.handle)
    app.router.add_route("*", "/{path:.*}", _unknown_path)
    app[WATCHES] = set()
    app.on_shutdown.append(end_watches)
    app.cleanup_ctx.append(session)
    app.cleanup_ctx.append(_background(lambda: keep_api_service(writer, config.layout)))
    return app


def _server_paths(address: str) -> Iterator[tuple[str, Handler]]:
    """The paths at which the server describes itself."""
    for check in ("healthz", "livez", "readyz"):
        yield f"/{check}", _health
        yield f"/{check}/{{check}}", _health
    yield "/version", _version
    yield "/api", _roots("", address)
    yield "/apis", _roots(None, address)
    yield "/apis/{group}", _group
    yield "/api/{version}", _resources
    yield "/apis/{group}/{version}", _resources
    yield "/openapi/v3", _openapi


@web.middleware
async def _answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write every refusal as a Status."""
    try:
        return await handler(request)
    except ApiError as error:
        return respond(error.status, error.code)
    except NoPageError:
        return web.Response(text="404 page not found\n", status=404)
    except web.HTTPRequestEntityTooLarge:
        return respond(ApiError(413, "RequestEntityTooLarge", "Request entity too large").status, 413)
    except web.HTTPException:
        raise
    except Exception as error:
        LOG.exception("%s %s", request.method, request.rel_url)
        return respond(internal_error(f"{type(error).__name__}: {error}").status, 500)


def _authorisation(token: str, tokens: Tokens) -> Middleware:
    """Trust callers on the unix socket, and ask the others for a token."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        transport = request.transport
        sock = transport.get_extra_info("socket") if transport is not None else None
        trusted = sock is not None and sock.family == socket.AF_UNIX
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        known = hmac.compare_digest(bearer.encode(), token.encode()) or tokens.user(bearer) is not None
        if not (trusted or known or request.path.rstrip("/") in PUBLIC):
            raise unauthorized()
        return await handler(request)

    return check


def _background(work: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[web.Application], AsyncIterator[None]]:
    """Run `work` as long as the application runs."""

    async def run(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return run


async def _health(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _version(request: web.Request) -> web.Response:
    return respond(discovery.VERSION)


def _roots(group: str | None, address: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        document, content_type = discovery.roots(request.headers.get("Accept", ""), group, address)
        response = respond(document)
        response.headers["Content-Type"] = content_type
        return response

    return answer


async def _group(request: web.Request) -> web.Response:
    return respond(discovery.api_group(request.match_info["group"]))


async def _resources(request: web.Request) -> web.Response:
    return respond(discovery.resource_list(request.match_info.get("group", ""), request.match_info["version"]))


async def _openapi(request: web.Request) -> web.Response:
    path = request.match_info.get("path", "")
    return respond(openapi.document(path) if path else openapi.index())


async def _openapi_version_two(request: web.Request) -> web.Response:
    return web.Response(body=openapi.version_two(), content_type=openapi.VERSION_TWO)


async def _unknown_path(request: web.Request) -> web.Response:
    raise NoPageError
