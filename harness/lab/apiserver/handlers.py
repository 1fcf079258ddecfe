"""From a request under /api or /apis to what is to be done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from harness.lab.apiserver.body import read
from harness.lab.apiserver.delete import delete
from harness.lab.apiserver.errors import bad_request, method_not_allowed
from harness.lab.apiserver.options import delete_options, write_options
from harness.lab.apiserver.patch import APPLY, patch_of
from harness.lab.apiserver.present import presenter, respond
from harness.lab.apiserver.read import get, list_
from harness.lab.apiserver.receive import Received
from harness.lab.apiserver.selectors import predicate
from harness.lab.apiserver.store import key_of
from harness.lab.apiserver.subresources.pods import bind, evict
from harness.lab.apiserver.subresources.proxy import proxy
from harness.lab.apiserver.subresources.reviews import review
from harness.lab.apiserver.subresources.scale import scale
from harness.lab.apiserver.subresources.tokens import Tokens
from harness.lab.apiserver.target import Target, flag, target
from harness.lab.apiserver.watch import watch
from harness.lab.apiserver.write import Writer

Handler = Callable[[Target, web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """The verbs, over one writer and its store."""

    writer: Writer
    tokens: Tokens

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer any request for a resource; raises ApiError."""
        wanted = target(request.path)
        if not wanted.resource.stored:
            return await review(self.tokens, wanted, request)
        if wanted.subresource not in {"", "status", "finalize", "ephemeralcontainers"}:
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
        if flag(request.query, "watch"):
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
        return self._written(wanted, request, self.writer.update(wanted, lambda _: given, options))

    async def _patch(self, wanted: Target, request: web.Request) -> web.StreamResponse:
        if not wanted.name:
            raise method_not_allowed()
        options = write_options(request.query)
        media = request.content_type
        change = patch_of(media, await request.read(), wanted.resource.type)
        if media == APPLY and not options.manager:
            raise bad_request(
                'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
            )
        if media == APPLY and self.writer.store.get(wanted.resource.store, wanted.key) is None:
            created = self.writer.create(wanted, change({"metadata": {"name": wanted.name}}), options)
            return self._written(wanted, request, created, 201)
        return self._written(wanted, request, self.writer.update(wanted, change, options))

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
