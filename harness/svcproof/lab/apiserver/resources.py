"""The kinds that this server serves, with their traits for discovery, routing and storage."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from svcproof import api_kinds
from svcproof.api_kinds import ApiKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(ApiKind):
    """A kind as it is served; `type` names its entry in the schema, `store` its collection in the store."""

    type: str
    store: str
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
def served(group: str, version: str) -> tuple[Resource, ...]:
    """Return the resources of a group in a version."""
    return tuple(resource for resource in catalogue() if (resource.group, resource.version) == (group, version))


def find(group: str, version: str, plural: str) -> Resource | None:
    """Return the resource under a path, or None."""
    return next((resource for resource in served(group, version) if resource.plural == plural), None)


def known(group: str, plural: str) -> Resource:
    """Return a resource that exists; raises LookupError if it does not."""
    resource = find(group, "v1", plural)
    if resource is None:
        raise LookupError(f"the catalogue has no {plural} in group {group!r}")
    return resource


def _core() -> Iterator[Resource]:
    streams = ("exec", "log", "portforward", "proxy")
    pod = ("attach", "binding", "ephemeralcontainers", "eviction", *streams, "resize", "status")
    namespace = ("finalize", "status")
    yield _resource(api_kinds.BINDINGS, stored=False)
    yield _resource(api_kinds.CONFIG_MAPS, ("cm",))
    yield _resource(api_kinds.ENDPOINTS, ("ep",))
    yield _resource(api_kinds.EVENTS, ("ev",))
    yield _resource(api_kinds.LIMIT_RANGES, ("limits",))
    yield _resource(api_kinds.NAMESPACES, ("ns",), subresources=namespace, returned=True, no_collection_delete=True)
    yield _resource(api_kinds.NODES, ("no",), subresources=("proxy", "status"))
    yield _resource(api_kinds.STORAGE_CLAIMS, ("pvc",), subresources=STATUS, returned=True)
    yield _resource(api_kinds.VOLUMES, ("pv",), subresources=STATUS, returned=True)
    yield _resource(api_kinds.PODS, ("po",), ALL, subresources=pod, generation=True, returned=True)
    yield _resource(api_kinds.POD_TEMPLATES, generation=True, returned=True)
    yield _resource(api_kinds.REPLICATION_CONTROLLERS, ("rc",), ALL, subresources=SCALE, generation=True)
    yield _resource(api_kinds.RESOURCE_QUOTAS, ("quota",), subresources=STATUS, returned=True)
    yield _resource(api_kinds.SECRETS)
    yield _resource(api_kinds.SERVICE_ACCOUNTS, ("sa",), subresources=("token",), returned=True)
    yield _resource(api_kinds.SERVICES, ("svc",), ALL, subresources=("proxy", "status"), returned=True)


def _apps() -> Iterator[Resource]:
    yield _resource(api_kinds.CONTROLLER_REVISIONS)
    yield _resource(api_kinds.DAEMON_SETS, ("ds",), ALL, subresources=STATUS, generation=True)
    yield _resource(api_kinds.DEPLOYMENTS, ("deploy",), ALL, subresources=SCALE, generation=True)
    yield _resource(api_kinds.REPLICA_SETS, ("rs",), ALL, subresources=SCALE, generation=True)
    yield _resource(api_kinds.STATEFUL_SETS, ("sts",), ALL, subresources=SCALE, generation=True)


def _reviews() -> Iterator[Resource]:
    yield _resource(api_kinds.SELF_SUBJECT_REVIEWS, stored=False)
    yield _resource(api_kinds.TOKEN_REVIEWS, stored=False)
    yield _resource(api_kinds.LOCAL_ACCESS_REVIEWS, stored=False)
    yield _resource(api_kinds.SELF_ACCESS_REVIEWS, stored=False)
    yield _resource(api_kinds.SELF_RULES_REVIEWS, stored=False)
    yield _resource(api_kinds.ACCESS_REVIEWS, stored=False)


def _others() -> Iterator[Resource]:
    for autoscalers in (api_kinds.AUTOSCALERS, api_kinds.AUTOSCALERS_V1):
        yield _resource(autoscalers, ("hpa",), ALL, subresources=STATUS)
    yield _resource(api_kinds.CRON_JOBS, ("cj",), ALL, subresources=STATUS, generation=True)
    yield _resource(api_kinds.JOBS, (), ALL, subresources=STATUS, generation=True)
    yield _resource(api_kinds.LEASES)
    yield _resource(api_kinds.ENDPOINT_SLICES, generation=True)
    yield _resource(api_kinds.EVENTS_OF_GROUP, ("ev",), store=api_kinds.EVENTS.plural)
    yield _resource(api_kinds.INGRESS_CLASSES, generation=True)
    yield _resource(api_kinds.INGRESSES, ("ing",), subresources=STATUS, generation=True)
    yield _resource(api_kinds.IP_ADDRESSES, ("ip",))
    yield _resource(api_kinds.NETWORK_POLICIES, ("netpol",), generation=True)
    yield _resource(api_kinds.SERVICE_CIDRS, subresources=STATUS)
    yield _resource(api_kinds.DISRUPTION_BUDGETS, ("pdb",), subresources=STATUS, generation=True)
    yield _resource(api_kinds.CLUSTER_ROLE_BINDINGS)
    yield _resource(api_kinds.CLUSTER_ROLES)
    yield _resource(api_kinds.ROLE_BINDINGS)
    yield _resource(api_kinds.ROLES)
    yield _resource(api_kinds.PRIORITY_CLASSES, ("pc",), generation=True)
    yield _resource(api_kinds.STORAGE_CLASSES, ("sc",))


def _resource(
    kind: ApiKind,
    short_names: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    *,
    subresources: tuple[str, ...] = (),
    generation: bool = False,
    returned: bool = False,
    stored: bool = True,
    no_collection_delete: bool = False,
    store: str = "",
) -> Resource:
    schema = f"{kind.group.partition('.')[0]}{kind.version.removeprefix('v1')}" if kind.group else "core"
    return Resource(
        kind.group,
        kind.version,
        kind.plural,
        kind.kind,
        kind.namespaced,
        type=f"{schema}.{kind.kind}",
        store=store or (f"{kind.plural}.{kind.group}" if kind.group else kind.plural),
        short_names=short_names,
        categories=categories,
        subresources=subresources,
        generation=generation,
        returned=returned,
        stored=stored,
        no_collection_delete=no_collection_delete,
    )
