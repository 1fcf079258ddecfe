"""The groups, versions and resources of this server, in the three forms of discovery.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
"""

from collections.abc import Iterator

from svcproof.json_objects import Object
from svcproof.lab.apiserver.accept import DISCOVERY, wants_aggregated_discovery
from svcproof.lab.apiserver.errors import unknown_path
from svcproof.lab.apiserver.resources import Resource, catalogue, served

VERSION = {
    "major": "1",
    "minor": "36",
    "gitVersion": "v1.36.3",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "none",
    "compiler": "none",
    "platform": "linux/amd64",
}
SUBRESOURCE_VERBS = {
    "attach": ("create", "get"),
    "binding": ("create",),
    "eviction": ("create",),
    "exec": ("create", "get"),
    "finalize": ("update",),
    "log": ("get",),
    "portforward": ("create", "get"),
    "proxy": ("create", "delete", "get", "patch", "update"),
    "token": ("create",),
}
SUBRESOURCE_KINDS = {
    "attach": ("", "", "PodAttachOptions"),
    "binding": ("", "", "Binding"),
    "eviction": ("policy", "v1", "Eviction"),
    "exec": ("", "", "PodExecOptions"),
    "portforward": ("", "", "PodPortForwardOptions"),
    "scale": ("autoscaling", "v1", "Scale"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}


def roots(accept: str, group: str | None, address: str) -> tuple[Object, str]:
    """Answer to /api (`group` is "") or /apis (None): the document and its content type; `address` is the server's."""
    groups = [""] if group == "" else [name for name in _groups() if name]
    if wants_aggregated_discovery(accept):
        items = [_group_discovery(name) for name in groups]
        document = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
        return {**document, "items": items}, DISCOVERY
    if group == "":
        addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}, "application/json"
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(name) for name in groups]}, "application/json"


def api_group(name: str) -> Object:
    """Answer to /apis/GROUP; raises ApiError 404."""
    if name not in _groups():
        raise unknown_path()
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name)}


def resource_list(name: str, version: str) -> Object:
    """Answer to /api/v1 and /apis/GROUP/VERSION; raises ApiError 404."""
    if not served(name, version):
        raise unknown_path()
    rows = [row for resource in served(name, version) for row in _rows(resource)]
    head: Object = {"kind": "APIResourceList", **({"apiVersion": "v1"} if name else {})}
    return {**head, "groupVersion": f"{name}/{version}" if name else version, "resources": rows}


def _groups() -> list[str]:
    return list(dict.fromkeys(resource.group for resource in catalogue()))


def _group(name: str) -> Object:
    versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in _versions(name)]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _versions(group: str) -> list[str]:
    """The versions of a group, the preferred one first."""
    return list(dict.fromkeys(resource.version for resource in catalogue() if resource.group == group))


def _rows(resource: Resource) -> Iterator[Object]:
    yield {
        "name": resource.plural,
        "singularName": resource.singular,
        "namespaced": resource.namespaced,
        "kind": resource.kind,
        "verbs": list(resource.verbs),
        **({"shortNames": list(resource.short_names)} if resource.short_names else {}),
        **({"categories": list(resource.categories)} if resource.categories else {}),
    }
    for name in resource.subresources:
        kind, verbs = _subresource(resource, name)
        yield {
            "name": f"{resource.plural}/{name}",
            "singularName": "",
            "namespaced": resource.namespaced,
            **{key: value for key, value in kind.items() if value},
            "verbs": verbs,
        }


def _group_discovery(name: str) -> Object:
    versions = [
        {
            "version": version,
            "resources": [_resource_discovery(resource) for resource in served(name, version)],
            "freshness": "Current",
        }
        for version in _versions(name)
    ]
    return {"metadata": {"name": name} if name else {}, "versions": versions}


def _resource_discovery(resource: Resource) -> Object:
    scope = "Namespaced" if resource.namespaced else "Cluster"
    return {
        "resource": resource.plural,
        "responseKind": {"group": "", "version": "", "kind": resource.kind},
        "scope": scope,
        "singularResource": resource.singular,
        "verbs": list(resource.verbs),
        **({"shortNames": list(resource.short_names)} if resource.short_names else {}),
        **({"categories": list(resource.categories)} if resource.categories else {}),
        **({"subresources": list(_subresources(resource))} if resource.subresources else {}),
    }


def _subresources(resource: Resource) -> Iterator[Object]:
    for name in resource.subresources:
        kind, verbs = _subresource(resource, name)
        yield {"subresource": name, "responseKind": kind, "verbs": verbs}


def _subresource(resource: Resource, name: str) -> tuple[dict[str, str], list[str]]:
    """The kind of a subresource's answers, and its verbs."""
    own = f"{resource.kind}ProxyOptions" if name == "proxy" else resource.kind
    group, version, kind = SUBRESOURCE_KINDS.get(name, ("", "", own))
    verbs = SUBRESOURCE_VERBS.get(name, ("get", "patch", "update"))
    return {"group": group, "version": version, "kind": kind}, list(verbs)
