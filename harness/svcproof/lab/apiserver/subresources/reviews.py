"""Reviews of access: every caller may do everything."""

from aiohttp import web

from svcproof.json_objects import Object
from svcproof.lab.apiserver.body import read
from svcproof.lab.apiserver.errors import method_not_allowed
from svcproof.lab.apiserver.present import respond
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.subresources.tokens import Tokens
from svcproof.lab.apiserver.target import Target

ADMIN = {"username": "kubernetes-admin", "groups": ["system:masters", "system:authenticated"]}
EVERYTHING: Object = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}


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
