"""Tokens of ServiceAccounts: opaque, known to this server only, good for as long as it runs."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiohttp import web

from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.errors import not_found
from svcproof.lab.apiserver.metadata import now
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.target import Target
from svcproof.lab.apiserver.write import Writer

AN_HOUR = 3600


@dataclass(slots=True)
class Tokens:
    """The tokens in use, with the user each stands for."""

    users: dict[str, str] = field(default_factory=dict)

    def user(self, token: str) -> str | None:
        """Return the name of the user that holds `token`."""
        return self.users.get(token)

    async def issue(self, writer: Writer, target: Target, request: web.Request) -> web.Response:
        """Answer a TokenRequest; raises ApiError 404 if there is no such account."""
        if writer.store.get(target.resource.store, target.key) is None:
            raise not_found(target.resource, target.name)
        spec = (await read(request, "authentication.TokenRequest")).get("spec") or {}
        seconds = int(spec.get("expirationSeconds") or AN_HOUR)
        token = secrets.token_urlsafe(32)
        self.users[token] = f"system:serviceaccount:{target.namespace}:{target.name}"
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        answer = {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"name": target.name, "namespace": target.namespace, "creationTimestamp": now()},
            "spec": {**spec, "expirationSeconds": seconds, "boundObjectRef": spec.get("boundObjectRef")},
            "status": {"token": token, "expirationTimestamp": end.strftime("%Y-%m-%dT%H:%M:%SZ")},
        }
        return respond(answer, 201)
