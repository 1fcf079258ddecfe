"""The handlers of requests under /api and /apis, by verb and subresource."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web

from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.delete import delete
from svcproof.lab.apiserver.errors import ApiError, method_not_allowed, required, unprocessable
from svcproof.lab.apiserver.options import delete_options, write_options
from svcproof.lab.apiserver.patch import APPLY, intent_of, patch_of
from svcproof.lab.apiserver.patch.apply import Intents
from svcproof.lab.apiserver.present import presenter, respond
from svcproof.lab.apiserver.read import get, list_
from svcproof.lab.apiserver.receive import Received
from svcproof.lab.apiserver.selectors import predicate
from svcproof.lab.apiserver.store import key_of
from svcproof.lab.apiserver.subresources.access import Tokens, review
from svcproof.lab.apiserver.subresources.pods import bind, evict
from svcproof.lab.apiserver.subresources.proxy import proxy
from svcproof.lab.apiserver.subresources.scale import scale
from svcproof.lab.apiserver.target import Target, flag, target_of
from svcproof.lab.apiserver.watch import watch
from svcproof.lab.apiserver.write import Writer

DEPRECATED = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"'
CREATED_BY_PUT = frozenset({"core.Endpoints", "core.Event", "core.Service", "coordination.Lease", "events.Event"})
"""Kinds of which a PUT creates an object that does not exist."""
Handler = Callable[[Target, web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of all verbs, over one writer and its store."""

    writer: Writer
    tokens: Tokens
    intents: Intents = field(default_factory=Intents)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer any request for a resource; raises ApiError."""
        target = target_of(request.path)
        response: web.StreamResponse
        try:
            response = await self._answer(target, request)
        except ApiError as error:
            response = respond(error.status, error.code)
        if target.resource.type == "core.Endpoints" and not response.prepared:
            response.headers.add("Warning", DEPRECATED)
        return response

    async def _answer(self, target: Target, request: web.Request) -> web.StreamResponse:
        if not target.resource.stored:
            return await review(self.tokens, target, request)
        if target.subresource not in {"", "status", "finalize", "resize", "ephemeralcontainers"}:
            return await self._handle_subresource(target, request)
        verbs: dict[str, Handler] = {
            "GET": self._get,
            "HEAD": self._get,
            "POST": self._create,
            "PUT": self._replace,
            "PATCH": self._patch,
            "DELETE": self._delete if target.name else self._delete_collection,
        }
        if request.method not in verbs:
            raise method_not_allowed()
        return await verbs[request.method](target, request)

    async def _handle_subresource(self, target: Target, request: web.Request) -> web.StreamResponse:
        """Answer for subresources with a form of their own."""
        match target.subresource, request.method:
            case "proxy", _:
                return await proxy(self.writer.store, target, request)
            case "scale", _:
                return await scale(self.writer, target, request)
            case "binding", "POST":
                return await bind(self.writer, target, request)
            case "eviction", "POST":
                return await evict(self.writer, target, request)
            case "token", "POST":
                return await self.tokens.issue(self.writer, target, request)
            case _:
                raise method_not_allowed()

    async def _get(self, target: Target, request: web.Request) -> web.StreamResponse:
        if flag(request.query, "watch") and not target.name:
            return await watch(self.writer.store, target, request)
        return (get if target.name else list_)(self.writer.store, target, request)

    async def _create(self, target: Target, request: web.Request) -> web.StreamResponse:
        if target.name or (target.resource.namespaced and not target.namespace):
            raise method_not_allowed()
        options = write_options(request.query)
        body = await read(request, target.resource.type)
        return self._response(target, request, self.writer.create(target, body, options), 201)

    async def _replace(self, target: Target, request: web.Request) -> web.StreamResponse:
        if not target.name:
            raise method_not_allowed()
        options = write_options(request.query)
        body = await read(request, target.resource.type)
        absent = self.writer.store.get(target.resource.store, target.key) is None
        if absent and target.resource.type in CREATED_BY_PUT and not target.subresource:
            return self._response(target, request, self.writer.create(target, body, options), 201)
        return self._response(target, request, self.writer.update(target, lambda _: body, options))

    async def _patch(self, target: Target, request: web.Request) -> web.StreamResponse:
        if not target.name:
            raise method_not_allowed()
        if request.content_type == APPLY:
            return await self._apply(target, request)
        change = patch_of(request.content_type, await request.read(), target.resource.type)
        return self._response(target, request, self.writer.update(target, change, write_options(request.query)))

    async def _apply(self, target: Target, request: web.Request) -> web.StreamResponse:
        options = write_options(request.query)
        if not options.manager:
            missing = required("fieldManager", "is required for apply patch")
            raise unprocessable("PatchOptions", "meta.k8s.io", "", [missing])
        intent = intent_of(await request.read())
        type_name, manager = target.resource.type, options.manager
        if self.writer.store.get(target.resource.store, target.key) is None:
            received, status = self.writer.create(target, intent, options), 201
        else:
            change = partial(self.intents.apply, type_name, manager=manager, intent=intent)
            received, status = self.writer.update(target, change, options), 200
        if not options.dry_run:
            self.intents.remember(received.item["metadata"]["uid"], manager, intent)
        return self._response(target, request, received, status)

    async def _delete(self, target: Target, request: web.Request) -> web.StreamResponse:
        options = delete_options(request.query, await read(request, "meta.DeleteOptions"))
        result = delete(self.writer, target, options)
        if result["kind"] == "Status":
            return respond(result)
        return self._response(target, request, Received(result))

    async def _delete_collection(self, target: Target, request: web.Request) -> web.StreamResponse:
        resource, store = target.resource, self.writer.store
        if resource.namespaced and not target.namespace:
            raise method_not_allowed()
        options = delete_options(request.query, await read(request, "meta.DeleteOptions"))
        selected = predicate(resource, target.namespace, "", request.query)
        items = [item for item in store.items(resource.store) if selected(item)]
        for item in items:
            namespace, name = key_of(item)
            delete(self.writer, Target(resource=resource, namespace=namespace, name=name), options)
        show = presenter(request, resource)
        return respond(show.many(items, {"resourceVersion": str(store.version)}), as_yaml=show.answer.yaml)

    def _response(
        self, target: Target, request: web.Request, received: Received, status: int = 200
    ) -> web.StreamResponse:
        show = presenter(request, target.resource)
        return respond(show.single(received.item), status, as_yaml=show.answer.yaml, warnings=received.warnings)
