"""Tokens of ServiceAccounts, and reviews of access: every caller may do everything."""

import secrets
from dataclasses import dataclass, field

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.errors import method_not_allowed
from svcproof.lab.apiserver.metadata import now
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.target import Target, existing
from svcproof.lab.apiserver.write import Writer

AN_HOUR = 3600
ADMIN = {"username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"]}
EVERYTHING: Object = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}


@dataclass(slots=True)
class Tokens:
    """The tokens in use, with the user each stands for: opaque, and good for as long as this server runs."""

    users: dict[str, str] = field(default_factory=dict)

    def user(self, token: str) -> str | None:
        """Return the name of the user that holds `token`."""
        return self.users.get(token)

    async def issue(self, writer: Writer, target: Target, request: web.Request) -> web.Response:
        """Answer a TokenRequest; raises ApiError 404 if there is no such account."""
        existing(writer.store, target)
        spec = (await read(request, "authentication.TokenRequest")).get("spec") or {}
        seconds = int(spec.get("expirationSeconds") or AN_HOUR)
        token = secrets.token_urlsafe(32)
        self.users[token] = f"system:serviceaccount:{target.namespace}:{target.name}"
        answer = {
            "kind": "TokenRequest",
            "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"name": target.name, "namespace": target.namespace, "creationTimestamp": now()},
            "spec": {**spec, "expirationSeconds": seconds, "boundObjectRef": spec.get("boundObjectRef")},
            "status": {"token": token, "expirationTimestamp": now(seconds)},
        }
        return respond(answer, 201)


async def review(tokens: Tokens, target: Target, request: web.Request) -> web.Response:
    """Answer a review of any kind; raises ApiError."""
    if request.method != "POST":
        raise method_not_allowed()
    resource = target.resource
    question = canonical(resource.type, await read(request, resource.type))
    answer: Object = {
        "kind": resource.kind,
        "apiVersion": resource.api_version,
        "metadata": question["metadata"],
        "spec": question.get("spec"),
        "status": _status(tokens, resource.kind, question),
    }
    if resource.kind == "SelfSubjectReview":
        del answer["spec"]
    return respond(answer, 201)


def _status(tokens: Tokens, kind: str, question: Object) -> Object:
    match kind:
        case "SelfSubjectReview":
            return {"userInfo": ADMIN}
        case "SelfSubjectRulesReview":
            return EVERYTHING
        case "TokenReview":
            user = tokens.user((question.get("spec") or {}).get("token", ""))
            if user is None:
                return {"user": {}, "error": "invalid bearer token"}
            return {"authenticated": True, "user": {"username": user, "groups": ["system:serviceaccounts"]}}
        case _:
            return {"allowed": True}
