"""Objects as tables, the way `kubectl get` shows them.

Columns follow pkg/printers/internalversion of Kubernetes: one module per group of kinds, each with its COLUMNS.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import Resource
from svcproof.lab.apiserver.tables import networking, others, pods, policies, storage, workloads
from svcproof.lab.apiserver.tables.column import DEFAULT, Column

COLUMNS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {**pods.COLUMNS, **networking.COLUMNS, **workloads.COLUMNS, **policies.COLUMNS, **storage.COLUMNS, **others.COLUMNS}
)


def table(resource: Resource, items: Sequence[Object], include: str, metadata: Object, version: str) -> Object:
    """Return a Table of `items`, which carry kind and apiVersion."""
    columns = COLUMNS.get(resource.type, DEFAULT)
    return {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": metadata,
        "columnDefinitions": [column.definition() for column in columns],
        "rows": [_row(columns, item, include) for item in items] if items or columns is not DEFAULT else None,
    }


def _row(columns: tuple[Column, ...], item: Object, include: str) -> Object:
    row: Object = {"cells": [column.cell(item) for column in columns], "object": None}
    if include == "Object":
        row["object"] = item
    elif include != "None":
        row["object"] = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
    return row
