"""The kinds this server knows: what discovery, routing and storage need of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of one API version; `type` names its entry in the schema, `store` what it is kept under."""

    group: str
    version: str
    plural: str
    kind: str
    type: str
    store: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    generation: bool = False
    """metadata.generation counts changes of everything but metadata and status."""
    returned: bool = False
    """A finished DELETE answers with the object, not with a Status."""
    stored: bool = True
    """False for kinds that can only be POSTed, such as reviews."""
    no_collection_delete: bool = False

    @property
    def api_version(self) -> str:
        """As in an object's apiVersion."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        """As discovery gives it."""
        return self.kind.lower()

    @property
    def qualified(self) -> str:
        """As error messages give it: plural.group."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def verbs(self) -> tuple[str, ...]:
        """As discovery gives them."""
        if not self.stored:
            return ("create",)
        every = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
        return tuple(verb for verb in every if not (self.no_collection_delete and verb == "deletecollection"))


ALL = ("all",)
STATUS = ("status",)
SCALE = ("scale", "status")


@cache
def catalogue() -> tuple[Resource, ...]:
    """Every resource, in the order of discovery."""
    return (*_core(), *_apps(), *_reviews(), *_others())


@cache
def find(group: str, version: str, plural: str) -> Resource | None:
    """Return the resource under a path, or None."""
    for resource in catalogue():
        if (resource.group, resource.version, resource.plural) == (group, version, plural):
            return resource
    return None


def known(group: str, plural: str) -> Resource:
    """Return a resource that is there; raises LookupError for a slip of the caller."""
    resource = find(group, "v1", plural)
    if resource is None:
        raise LookupError(f"the catalogue has no {plural} in group {group!r}")
    return resource


def _core() -> Iterator[Resource]:
    streams = ("exec", "log", "portforward", "proxy")
    pod = ("attach", "binding", "ephemeralcontainers", "eviction", *streams, "resize", "status")
    yield _core_kind("bindings", "Binding", stored=False)
    yield _core_kind("configmaps", "ConfigMap", ("cm",))
    yield _core_kind("endpoints", "Endpoints", ("ep",))
    yield _core_kind("events", "Event", ("ev",))
    yield _core_kind("limitranges", "LimitRange", ("limits",))
    yield _core_kind(
        "namespaces",
        "Namespace",
        ("ns",),
        namespaced=False,
        subresources=("finalize", "status"),
        returned=True,
        no_collection_delete=True,
    )
    yield _core_kind("nodes", "Node", ("no",), namespaced=False, subresources=("proxy", "status"))
    yield _core_kind("persistentvolumeclaims", "PersistentVolumeClaim", ("pvc",), subresources=STATUS, returned=True)
    yield _core_kind(
        "persistentvolumes", "PersistentVolume", ("pv",), namespaced=False, subresources=STATUS, returned=True
    )
    yield _core_kind("pods", "Pod", ("po",), ALL, subresources=pod, generation=True, returned=True)
    yield _core_kind("podtemplates", "PodTemplate", generation=True, returned=True)
    yield _core_kind(
        "replicationcontrollers", "ReplicationController", ("rc",), ALL, subresources=SCALE, generation=True
    )
    yield _core_kind("resourcequotas", "ResourceQuota", ("quota",), subresources=STATUS, returned=True)
    yield _core_kind("secrets", "Secret")
    yield _core_kind("serviceaccounts", "ServiceAccount", ("sa",), subresources=("token",), returned=True)
    yield _core_kind("services", "Service", ("svc",), ALL, subresources=("proxy", "status"), returned=True)


def _apps() -> Iterator[Resource]:
    yield _kind("apps", "controllerrevisions", "ControllerRevision")
    yield _kind("apps", "daemonsets", "DaemonSet", ("ds",), ALL, subresources=STATUS, generation=True)
    yield _kind("apps", "deployments", "Deployment", ("deploy",), ALL, subresources=SCALE, generation=True)
    yield _kind("apps", "replicasets", "ReplicaSet", ("rs",), ALL, subresources=SCALE, generation=True)
    yield _kind("apps", "statefulsets", "StatefulSet", ("sts",), ALL, subresources=SCALE, generation=True)


def _reviews() -> Iterator[Resource]:
    yield _kind("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", namespaced=False, stored=False)
    yield _kind("authentication.k8s.io", "tokenreviews", "TokenReview", namespaced=False, stored=False)
    group = "authorization.k8s.io"
    yield _kind(group, "localsubjectaccessreviews", "LocalSubjectAccessReview", stored=False)
    yield _kind(group, "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False, stored=False)
    yield _kind(group, "selfsubjectrulesreviews", "SelfSubjectRulesReview", namespaced=False, stored=False)
    yield _kind(group, "subjectaccessreviews", "SubjectAccessReview", namespaced=False, stored=False)


def _others() -> Iterator[Resource]:
    for version in ("v2", "v1"):
        yield _kind(
            "autoscaling",
            "horizontalpodautoscalers",
            "HorizontalPodAutoscaler",
            ("hpa",),
            ALL,
            subresources=STATUS,
            version=version,
        )
    yield _kind("batch", "cronjobs", "CronJob", ("cj",), ALL, subresources=STATUS, generation=True)
    yield _kind("batch", "jobs", "Job", (), ALL, subresources=STATUS, generation=True)
    yield _kind("coordination.k8s.io", "leases", "Lease")
    yield _kind("discovery.k8s.io", "endpointslices", "EndpointSlice", generation=True)
    yield _kind("events.k8s.io", "events", "Event", ("ev",), store="events")
    group = "networking.k8s.io"
    yield _kind(group, "ingressclasses", "IngressClass", namespaced=False, generation=True)
    yield _kind(group, "ingresses", "Ingress", ("ing",), subresources=STATUS, generation=True)
    yield _kind(group, "ipaddresses", "IPAddress", ("ip",), namespaced=False)
    yield _kind(group, "networkpolicies", "NetworkPolicy", ("netpol",), generation=True)
    yield _kind(group, "servicecidrs", "ServiceCIDR", namespaced=False, subresources=STATUS)
    yield _kind("policy", "poddisruptionbudgets", "PodDisruptionBudget", ("pdb",), subresources=STATUS, generation=True)
    group = "rbac.authorization.k8s.io"
    yield _kind(group, "clusterrolebindings", "ClusterRoleBinding", namespaced=False)
    yield _kind(group, "clusterroles", "ClusterRole", namespaced=False)
    yield _kind(group, "rolebindings", "RoleBinding")
    yield _kind(group, "roles", "Role")
    yield _kind("scheduling.k8s.io", "priorityclasses", "PriorityClass", ("pc",), namespaced=False, generation=True)
    yield _kind("storage.k8s.io", "storageclasses", "StorageClass", ("sc",), namespaced=False)


def _core_kind(
    plural: str,
    kind: str,
    short_names: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    *,
    namespaced: bool = True,
    subresources: tuple[str, ...] = (),
    generation: bool = False,
    returned: bool = False,
    stored: bool = True,
    no_collection_delete: bool = False,
) -> Resource:
    return Resource(
        group="",
        version="v1",
        plural=plural,
        kind=kind,
        type=f"core.{kind}",
        store=plural,
        namespaced=namespaced,
        short_names=short_names,
        categories=categories,
        subresources=subresources,
        generation=generation,
        returned=returned,
        stored=stored,
        no_collection_delete=no_collection_delete,
    )


def _kind(
    group: str,
    plural: str,
    kind: str,
    short_names: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    *,
    namespaced: bool = True,
    subresources: tuple[str, ...] = (),
    generation: bool = False,
    stored: bool = True,
    store: str = "",
    version: str = "v1",
) -> Resource:
    return Resource(
        group=group,
        version=version,
        plural=plural,
        kind=kind,
        type=f"{group.partition('.')[0]}{version.removeprefix('v1')}.{kind}",
        store=store or f"{plural}.{group}",
        namespaced=namespaced,
        short_names=short_names,
        categories=categories,
        subresources=subresources,
        generation=generation,
        stored=stored,
    )
