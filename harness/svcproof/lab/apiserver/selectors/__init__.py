"""Label and field selectors, as predicates on objects."""

from collections.abc import Callable, Mapping

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.selectors.fields import field_predicate
from svcproof.lab.apiserver.selectors.labels import label_predicate

Predicate = Callable[[Object], bool]


def predicate(resource: Resource, namespace: str, name: str, query: Mapping[str, str]) -> Predicate:
    """Return the condition by which an object belongs to a list or watch; raises ApiError 400 on junk."""
    by_label = label_predicate(query.get("labelSelector", ""))
    by_field = field_predicate(resource, query.get("fieldSelector", ""))

    def selected(item: Object) -> bool:
        metadata = item["metadata"]
        return (
            (not namespace or metadata.get("namespace") == namespace)
            and (not name or metadata["name"] == name)
            and by_label(metadata.get("labels") or {})
            and by_field(item)
        )

    return selected
