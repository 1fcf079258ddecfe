"""The store of watched objects, from which a State is put together."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from svcproof.json_objects import Object
from svcproof.reference_proxy import parse
from svcproof.reference_proxy.state import Node, Service, Slice, State
from svcproof.reference_proxy.watch import Changed, Listed, Lost, Report, Resource

log = logging.getLogger(__name__)
Value = TypeVar("Value")


class Collection(Generic[Value]):
    """The objects of one resource, by namespace and name; `listed` is True once they have been listed."""

    def __init__(self, resource: Resource, read: Callable[[Object], Value]) -> None:
        self.resource = resource
        self._read = read
        self._values: dict[tuple[str, str], Value] = {}
        self.listed = False

    def values(self) -> tuple[Value, ...]:
        """Return the values of all objects, in the order of their names."""
        return tuple(self._values[key] for key in sorted(self._values))

    def take(self, report: Listed | Changed) -> None:
        """Store a list, or one change."""
        if isinstance(report, Listed):
            self._values, self.listed = {}, True
            for item in report.objects:
                self._put(item)
        elif report.gone:
            self._values.pop(key_of(report.object), None)
        else:
            self._put(report.object)

    def _put(self, item: Object) -> None:
        """Keep an object; one that cannot be read must not keep the others from being served."""
        try:
            self._values[key_of(item)] = self._read(item)
        except (LookupError, TypeError, ValueError, AttributeError) as trouble:
            self._values.pop(key_of(item), None)
            log.error("%s %s is left out: %r", self.resource.path, "/".join(key_of(item)), trouble)


class Store:
    """Everything a proxy on `node` watches, read by these functions."""

    def __init__(
        self,
        node: str,
        service: Callable[[Object], Service] = parse.service,
        endpoint_slice: Callable[[Object], Slice] = parse.endpoint_slice,
    ) -> None:
        self._node_name = node
        self._services = Collection(Resource("/api/v1/services"), service)
        self._slices = Collection(Resource("/apis/discovery.k8s.io/v1/endpointslices"), endpoint_slice)
        self._nodes = Collection(Resource("/api/v1/nodes", f"metadata.name={node}"), parse.node)
        self._collections: tuple[Collection[Any], ...] = (self._services, self._slices, self._nodes)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The resources to watch."""
        return tuple(collection.resource for collection in self._collections)

    def take(self, report: Report) -> None:
        """Store a report in the collection of its resource."""
        if isinstance(report, Lost):
            return
        for collection in self._collections:
            if collection.resource == report.resource:
                collection.take(report)

    def state(self) -> State | None:
        """Put together what is known; None until everything has been listed once."""
        if not all(collection.listed for collection in self._collections):
            return None
        slices: defaultdict[str, tuple[Slice, ...]] = defaultdict(tuple)
        for endpoint_slice in self._slices.values():
            slices[endpoint_slice.service] += (endpoint_slice,)
        node = next(iter(self._nodes.values()), Node(name=self._node_name))
        return State(node=node, services=self._services.values(), slices=dict(slices))


def key_of(item: Object) -> tuple[str, str]:
    """The namespace and the name of an object."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]
