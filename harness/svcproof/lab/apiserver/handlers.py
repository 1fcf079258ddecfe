"""From a request under /api or /apis to what is to be done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web

from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.delete import delete
from svcproof.lab.apiserver.errors import ApiError, method_not_allowed, required, unprocessable
from svcproof.lab.apiserver.options import delete_options, write_options
from svcproof.lab.apiserver.patch import APPLY, intent_of, patch_of
from svcproof.lab.apiserver.patch.intents import Intents
from svcproof.lab.apiserver.present import presenter, respond
from svcproof.lab.apiserver.read import get, list_
from svcproof.lab.apiserver.receive import Received
from svcproof.lab.apiserver.selectors import predicate
from svcproof.lab.apiserver.store import key_of
from svcproof.lab.apiserver.subresources.pods import bind, evict
from svcproof.lab.apiserver.subresources.proxy import proxy
from svcproof.lab.apiserver.subresources.reviews import review
from svcproof.lab.apiserver.subresources.scale import scale
from svcproof.lab.apiserver.subresources.tokens import Tokens
from svcproof.lab.apiserver.target import Target, flag, target
from svcproof.lab.apiserver.watch import watch
from svcproof.lab.apiserver.write import Writer

DEPRECATED = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"'
CREATED_BY_PUT = frozenset({"core.Endpoints", "core.Event", "core.Service", "coordination.Lease", "events.Event"})
"""Kinds of which a PUT makes an object that is not there."""
Handler = Callable[[Target, web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """The verbs, over one writer and its store."""

    writer: Writer
    tokens: Tokens
    intents: Intents = field(default_factory=Intents)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer any request for a resource; raises ApiError."""
        wanted = target(request.path)
        response: web.StreamResponse
        try:
            response = await self._answer(wanted, request)
        except ApiError as error:
            response = respond(error.status, error.code)
        if wanted.resource.type == "core.Endpoints" and not response.prepared:
            response.headers.add("Warning", DEPRECATED)
        return response

    async def _answer(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if not wanted.resource.stored:
            return await review(self.tokens, wanted, request)
        if wanted.subresource not in {"", "status", "finalize", "resize", "ephemeralcontainers"}:
            return await self._below(wanted, request)
        verbs: dict[str, Handler] = {
            "GET": self._get,
            "HEAD": self._get,
            "POST": self._create,
            "PUT": self._replace,
            "PATCH": self._patch,
            "DELETE": self._delete if wanted.name else self._delete_collection,
        }
        if request.method not in verbs:
            raise method_not_allowed()
        return await verbs[request.method](wanted, request)

    async def _below(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        """Subresources with a form of their own."""
        match wanted.subresource, request.method:
            case "proxy", _:
                return await proxy(self.writer.store, wanted, request)
            case "scale", _:
                return await scale(self.writer, wanted, request)
            case "binding", "POST":
                return await bind(self.writer, wanted, request)
            case "eviction", "POST":
                return await evict(self.writer, wanted, request)
            case "token", "POST":
                return await self.tokens.issue(self.writer, wanted, request)
            case _:
                raise method_not_allowed()

    async def _get(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if flag(request.query, "watch") and not wanted.name:
            return await watch(self.writer.store, wanted, request)
        return (get if wanted.name else list_)(self.writer.store, wanted, request)

    async def _create(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if wanted.name or (wanted.resource.namespaced and not wanted.namespace):
            raise method_not_allowed()
        options = write_options(request.query)
        given = await read(request, wanted.resource.type)
        return self._written(wanted, request, self.writer.create(wanted, given, options), 201)

    async def _replace(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if not wanted.name:
            raise method_not_allowed()
        options = write_options(request.query)
        given = await read(request, wanted.resource.type)
        absent = self.writer.store.get(wanted.resource.store, wanted.key) is None
        if absent and wanted.resource.type in CREATED_BY_PUT and not wanted.subresource:
            return self._written(wanted, request, self.writer.create(wanted, given, options), 201)
        return self._written(wanted, request, self.writer.update(wanted, lambda _: given, options))

    async def _patch(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if not wanted.name:
            raise method_not_allowed()
        if request.content_type == APPLY:
            return await self._apply(wanted, request)
        change = patch_of(request.content_type, await request.read(), wanted.resource.type)
        return self._written(wanted, request, self.writer.update(wanted, change, write_options(request.query)))

    async def _apply(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        options = write_options(request.query)
        if not options.manager:
            missing = required("fieldManager", "is required for apply patch")
            raise unprocessable("PatchOptions", "meta.k8s.io", "", [missing])
        intent = intent_of(await request.read())
        type_name, manager = wanted.resource.type, options.manager
        if self.writer.store.get(wanted.resource.store, wanted.key) is None:
            done, status = self.writer.create(wanted, intent, options), 201
        else:
            change = partial(self.intents.apply, type_name, manager=manager, intent=intent)
            done, status = self.writer.update(wanted, change, options), 200
        if not options.dry_run:
            self.intents.remember(done.item["metadata"]["uid"], manager, intent)
        return self._written(wanted, request, done, status)

    async def _delete(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        options = delete_options(request.query, await read(request, "meta.DeleteOptions"))
        result = delete(self.writer, wanted, options)
        if result["kind"] == "Status":
            return respond(result)
        return self._written(wanted, request, Received(result))

    async def _delete_collection(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        resource, store = wanted.resource, self.writer.store
        if resource.namespaced and not wanted.namespace:
            raise method_not_allowed()
        options = delete_options(request.query, await read(request, "meta.DeleteOptions"))
        selected = predicate(resource, wanted.namespace, "", request.query)
        items = [item for item in store.items(resource.store) if selected(item)]
        for item in items:
            namespace, name = key_of(item)
            delete(self.writer, Target(resource=resource, namespace=namespace, name=name), options)
        show = presenter(request, resource)
        return respond(show.many(items, {"resourceVersion": str(store.version)}), as_yaml=show.answer.yaml)

    def _written(
        self, wanted: Target, request: web.Request, received: Received, status: int = 200
    ) -> web.StreamResponse:
        show = presenter(request, wanted.resource)
        return respond(show.single(received.item), status, as_yaml=show.answer.yaml, warnings=received.warnings)
