"""Permissions of the run's account: single ones, and all that the changes a run is asked for take."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.rbac import FOR_PROXY
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
    """True if this account has a right, in one namespace or in all of them. Raises ProvisionError."""
    whole, _, subresource = right.resource.partition("/")
    resource, _, group = whole.partition(".")
    asked = {"verb": right.verb, "group": group, "resource": resource, "subresource": subresource}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {**asked, "namespace": namespace}},
    }
    code, answer = kube.post(
        REVIEWS, json.dumps(review).encode(), {"Content-Type": "application/json"}, Request.API.seconds
    )
    if code != 201:
        what = f"asked whether this account may {right}: the API server answered {code}"
        raise ProvisionError(f"{what}: {answer.decode(errors='replace')[:300]}")
    return bool(json.loads(answer)["status"].get("allowed"))


FOR_METALLB = (
    Right("create", "namespaces"),
    Right("create", "customresourcedefinitions.apiextensions.k8s.io"),
    Right("create", "clusterroles.rbac.authorization.k8s.io"),
    Right("create", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
    Right("list", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
)
FOR_PROXY_CHANGES = tuple(
    Right(verb, resource + (f".{group}" if group else ""))
    for group, resources, verbs in FOR_PROXY
    for resource in resources
    for verb in verbs
)


def require_permissions(kube: Kube, *, proxy: bool, metallb: bool) -> None:
    """Raise ProvisionError where the proxy is to be changed, or MetalLB installed, and this account may not do it."""
    if metallb:
        _require(kube, FOR_METALLB, "", "install MetalLB", "--for-metallb")
    if proxy:
        _require(kube, FOR_PROXY_CHANGES, "kube-system", "change the proxy", "--for-proxy")


def _require(kube: Kube, rights: Iterable[Right], namespace: str, what: str, option: str) -> None:
    if missing := [right for right in rights if not may(kube, right, namespace)]:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        raise ProvisionError(
            f"this account cannot {what}: it may not {' nor '.join(map(str, missing))} {where}. Have an administrator "
            f"give it that: svcproof rbac {option} | kubectl apply -f -"
        )
