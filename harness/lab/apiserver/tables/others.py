"""TODO."""

from harness.lab.apiserver.tables.column import Column

COLUMNS: dict[str, tuple[Column, ...]] = {}
