"""Kinds of objects, as classes of lightkube that hold plain dicts: those the harness deals with, and any other.

lightkube's typed models drop fields they do not know, and a get with a replace would then delete these on the
server. An object here is what JSON has, no more and no less.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from lightkube.generic_resource import create_global_resource, create_namespaced_resource

from svcproof.errors import UsageError
from svcproof.json_objects import Object


class Kind(NamedTuple):
    """A row of the API: `plural` is the name in URLs."""

    api_version: str
    name: str
    plural: str
    namespaced: bool = True


KINDS = (
    Kind("v1", "ConfigMap", "configmaps"),
    Kind("v1", "Endpoints", "endpoints"),
    Kind("v1", "Event", "events"),
    Kind("v1", "LimitRange", "limitranges"),
    Kind("v1", "Namespace", "namespaces", namespaced=False),
    Kind("v1", "Node", "nodes", namespaced=False),
    Kind("v1", "PersistentVolume", "persistentvolumes", namespaced=False),
    Kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("v1", "Pod", "pods"),
    Kind("v1", "PodTemplate", "podtemplates"),
    Kind("v1", "ReplicationController", "replicationcontrollers"),
    Kind("v1", "ResourceQuota", "resourcequotas"),
    Kind("v1", "Secret", "secrets"),
    Kind("v1", "Service", "services"),
    Kind("v1", "ServiceAccount", "serviceaccounts"),
    Kind("apps/v1", "DaemonSet", "daemonsets"),
    Kind("apps/v1", "Deployment", "deployments"),
    Kind("apps/v1", "ReplicaSet", "replicasets"),
    Kind("coordination.k8s.io/v1", "Lease", "leases"),
    Kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices"),
    Kind("networking.k8s.io/v1", "IPAddress", "ipaddresses", namespaced=False),
    Kind("networking.k8s.io/v1", "ServiceCIDR", "servicecidrs", namespaced=False),
    Kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced=False),
    Kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", namespaced=False),
)


def _class(kind: Kind) -> Any:
    group, _, version = kind.api_version.rpartition("/")
    create = create_namespaced_resource if kind.namespaced else create_global_resource
    return create(group, version, kind.name, kind.plural)


# Made once, and all kinds of the core group: lightkube refuses to make the same class of that group again.
CLASSES = {kind: _class(kind) for kind in KINDS}


def resource(name: str) -> Any:
    """Return lightkube's class for `Service` or `apps/v1 Deployment`; raises UsageError for a kind not listed above."""
    made = known(name)
    if made is None:
        raise UsageError(f"unknown kind {name!r}; known are {', '.join(kind.name for kind in KINDS)}")
    return made


def known(name: str) -> Any:
    """Return lightkube's class for a kind listed above, or None."""
    return next(
        (made for kind, made in CLASSES.items() if name in (kind.name, f"{kind.api_version} {kind.name}")), None
    )


def told(name: str, served: Sequence[Object]) -> Any:
    """Return lightkube's class for `example.com/v1 Widget`, or None where it is not among the `served`.

    These are the resources of an APIResourceList, as the API server lists them for `example.com/v1`.
    """
    api_version, _, kind = name.rpartition(" ")
    row = next((one for one in served if one["kind"] == kind and "/" not in one["name"]), None)
    return row and _class(Kind(api_version, kind, row["name"], row["namespaced"]))


def kind_of(manifest: dict[str, Any]) -> str:
    """Return the kind of an object as `resource` takes it."""
    return f"{manifest['apiVersion']} {manifest['kind']}"


def collection(name: str, namespace: str) -> str:
    """Return the path of all objects of a kind, in a namespace or everywhere."""
    kind = next(kind for kind, made in CLASSES.items() if made is resource(name))
    root = f"/apis/{kind.api_version}" if "/" in kind.api_version else f"/api/{kind.api_version}"
    return f"{root}/namespaces/{namespace}/{kind.plural}" if namespace else f"{root}/{kind.plural}"
