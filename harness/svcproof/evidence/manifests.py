"""Kubernetes objects as YAML, without secrets and without what nobody reads."""

from collections.abc import Collection, Iterable

import yaml

from svcproof.evidence.redaction import object_without_secrets
from svcproof.json_objects import Object


def as_yaml(objects: Iterable[Object], known: Collection[str] = ()) -> str:
    """A document for each object."""
    documents = [object_without_secrets(_short(item), known) for item in objects]
    return yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=120) if documents else ""


def _short(item: Object) -> Object:
    metadata = {key: value for key, value in item["metadata"].items() if key != "managedFields"}
    return {**item, "metadata": metadata}
