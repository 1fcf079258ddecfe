"""What the account of a run may do in a cluster."""

import json
from dataclasses import dataclass

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.limits import Request

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
"""Anybody may ask. https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access."""


@dataclass(frozen=True, slots=True)
class Right:
    """To do `verb` to objects such as `pods`, `services/status` or `endpointslices.discovery.k8s.io`."""

    verb: str
    resource: str

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}"


def may(kube: Kube, right: Right, namespace: str = "") -> bool:
    """Whether this account has a right, in one namespace or in all of them. Raises ProvisionError."""
    whole, _, subresource = right.resource.partition("/")
    resource, _, group = whole.partition(".")
    asked = {"verb": right.verb, "group": group, "resource": resource, "subresource": subresource}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {**asked, "namespace": namespace}},
    }
    code, said = kube.post(
        REVIEWS, json.dumps(review).encode(), {"Content-Type": "application/json"}, Request.API.seconds
    )
    if code != 201:
        what = f"asked whether this account may {right}: the API server answered {code}"
        raise ProvisionError(f"{what}: {said.decode(errors='replace')[:300]}")
    return bool(json.loads(said)["status"].get("allowed"))
