"""The objects that give an account what a run needs in a cluster, and no more: a pure function.

https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from svcproof.json_objects import Object

API_GROUP = "rbac.authorization.k8s.io"
NAME = "svcproof"
BEFOREHAND = "svcproof.dev/namespace"
"""The label, `true`, of namespaces that were made beforehand for runs to use."""
Rules = Sequence[tuple[str, Sequence[str], Sequence[str]]]
"""API group, resources, verbs."""

IN_NAMESPACES: Rules = (
    ("", ("configmaps",), ("create", "get", "delete")),
    ("", ("pods",), ("create", "get", "list", "watch", "patch", "delete")),
    ("", ("pods/exec",), ("create", "get")),
    ("", ("pods/proxy",), ("create",)),
    ("", ("services",), ("create", "get", "list", "watch", "patch", "delete")),
    ("", ("services/status",), ("patch",)),
    ("", ("endpoints",), ("create", "list", "delete")),
    ("discovery.k8s.io", ("endpointslices",), ("create", "list", "watch", "patch", "delete")),
    ("", ("events",), ("list",)),
)
"""In each namespace that was made beforehand. Commands in containers take both verbs of pods/exec, since which one is
asked for depends on the version. https://kubernetes.io/docs/reference/access-authn-authz/authorization/."""
EVERYWHERE: Rules = (
    ("", ("nodes", "namespaces"), ("list",)),
    ("apps", ("daemonsets", "deployments"), ("list",)),
    ("networking.k8s.io", ("servicecidrs",), ("list",)),
    ("metallb.io", ("ipaddresspools", "l2advertisements"), ("list",)),
    ("gateway.networking.k8s.io", ("gatewayclasses",), ("list",)),
    ("crd.projectcalico.org", ("felixconfigurations",), ("list",)),
)
"""Beside nodes and ranges, to tell which proxy and which load balancer there are. Rules may name kinds that are not."""
IN_KUBE_SYSTEM: Rules = (
    ("", ("configmaps", "services"), ("get",)),
    ("", ("pods",), ("list",)),
    ("", ("pods/log",), ("get",)),
    ("apps", ("daemonsets",), ("get",)),
    ("discovery.k8s.io", ("endpointslices",), ("list",)),
)
"""To ask the cluster's DNS, and to tell which proxy there is and whether it runs."""
FOR_PROXY: Rules = (
    ("", ("configmaps",), ("create", "patch", "delete")),
    ("", ("pods",), ("create", "get", "delete")),
    ("", ("pods/proxy",), ("get",)),
    ("apps", ("daemonsets",), ("patch",)),
    ("apps", ("controllerrevisions",), ("list", "patch", "delete")),
)
"""In kube-system, to switch kube-proxy's mode and to put it back."""
IN_DEFAULT: Rules = (("", ("services",), ("get",)),)
"""The API server's own Service is there."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The user or account that runs svcproof: `kind` is ServiceAccount or User; only the first has a namespace."""

    kind: str
    name: str
    namespace: str = ""


def names(count: int) -> tuple[str, ...]:
    """The namespaces to be made beforehand."""
    return tuple(f"{NAME}-{index + 1}" for index in range(count))


def objects(
    namespaces: Sequence[str], subject: Subject | None, *, for_proxy: bool = False, for_metallb: bool = False
) -> Iterator[Object]:
    """Yield namespaces, an account where no `subject` is given, and the roles.

    MetalLB brings roles of its own, and nobody may give what he has not: for it the account gets cluster-admin.
    https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
    """
    for name in namespaces:
        yield _object("v1", "Namespace", name, labels={BEFOREHAND: "true"})
    if subject is None:
        subject = Subject("ServiceAccount", NAME, namespaces[0])
        yield _object("v1", "ServiceAccount", NAME, namespaces[0])
    for name in namespaces:
        yield from _granted("Role", subject, IN_NAMESPACES, name)
    yield from _granted("Role", subject, (*IN_KUBE_SYSTEM, *(FOR_PROXY if for_proxy else ())), "kube-system")
    yield from _granted("Role", subject, IN_DEFAULT, "default")
    yield from _granted("ClusterRole", subject, EVERYWHERE)
    if for_metallb:
        yield _binding("ClusterRole", subject, "cluster-admin", f"{NAME}-admin", "")


def _granted(kind: str, subject: Subject, rules: Rules, namespace: str = "") -> Iterator[Object]:
    written = [{"apiGroups": [group], "resources": [*some], "verbs": [*verbs]} for group, some, verbs in rules]
    yield {**_object(f"{API_GROUP}/v1", kind, NAME, namespace), "rules": written}
    yield _binding(kind, subject, NAME, NAME, namespace)


def _binding(kind: str, subject: Subject, role: str, name: str, namespace: str) -> Object:
    who = {"kind": subject.kind, "name": subject.name}
    who |= {"namespace": subject.namespace} if subject.namespace else {"apiGroup": API_GROUP}
    return {
        **_object(f"{API_GROUP}/v1", f"{kind}Binding", name, namespace),
        "roleRef": {"apiGroup": API_GROUP, "kind": kind, "name": role},
        "subjects": [who],
    }


def _object(
    api_version: str, kind: str, name: str, namespace: str = "", labels: Mapping[str, str] | None = None
) -> Object:
    metadata: Object = {"name": name}
    metadata |= {"namespace": namespace} if namespace else {}
    metadata |= {"labels": dict(labels)} if labels else {}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}
