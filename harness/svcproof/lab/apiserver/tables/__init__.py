"""Objects as tables, the way `kubectl get` shows them.

Columns follow pkg/printers/internalversion of Kubernetes: one module per group of kinds, each with its COLUMNS.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.tables import column, networking, others, pods, policies, storage, workloads

COLUMNS: Mapping[str, tuple[column.Column, ...]] = MappingProxyType(
    {**pods.COLUMNS, **networking.COLUMNS, **workloads.COLUMNS, **policies.COLUMNS, **storage.COLUMNS, **others.COLUMNS}
)


def table(resource: Resource, items: Sequence[Object], include: str, metadata: Object, version: str) -> Object:
    """Return a Table of `items`, which carry kind and apiVersion."""
    columns = COLUMNS.get(resource.type, column.DEFAULT)
    return {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": metadata,
        "columnDefinitions": [one.definition() for one in columns],
        "rows": [_row(columns, item, include) for item in items] if items or columns is not column.DEFAULT else None,
    }


def _row(columns: tuple[column.Column, ...], item: Object, include: str) -> Object:
    row: Object = {"cells": [one.cell(item) for one in columns], "object": None}
    if include == "Object":
        row["object"] = item
    elif include != "None":
        row["object"] = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
    return row
