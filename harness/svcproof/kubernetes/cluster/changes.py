"""Whether an account may make the changes that a run was asked for, known before the first of them is made."""

from collections.abc import Iterable

from svcproof.errors import ProvisionError
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.cluster.rbac import FOR_PROXY
from svcproof.kubernetes.cluster.rights import Right, may

FOR_METALLB = (
    Right("create", "namespaces"),
    Right("create", "customresourcedefinitions.apiextensions.k8s.io"),
    Right("create", "clusterroles.rbac.authorization.k8s.io"),
    Right("create", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
    Right("list", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
)
OF_PROXY = tuple(
    Right(verb, resource + (f".{group}" if group else ""))
    for group, resources, verbs in FOR_PROXY
    for resource in resources
    for verb in verbs
)


def permitted(kube: Kube, *, proxy: bool, metallb: bool) -> None:
    """Raise ProvisionError where the proxy is to be changed, or MetalLB installed, and this account may not do it."""
    if metallb:
        _all(kube, FOR_METALLB, "", "install MetalLB", "--for-metallb")
    if proxy:
        _all(kube, OF_PROXY, "kube-system", "change the proxy", "--for-proxy")


def _all(kube: Kube, rights: Iterable[Right], namespace: str, what: str, option: str) -> None:
    if missing := [right for right in rights if not may(kube, right, namespace)]:
        where = f"in namespace {namespace}" if namespace else "in all namespaces"
        raise ProvisionError(
            f"this account cannot {what}: it may not {' nor '.join(map(str, missing))} {where}. Have an administrator "
            f"give it that: svcproof rbac {option} | kubectl apply -f -"
        )
