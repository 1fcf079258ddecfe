"""A column of a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from svcproof.json_objects import Object

Cell = Callable[[Object], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`cell` reads its value from an object; `wide` columns are shown by `-o wide` only."""

    name: str
    cell: Cell
    type: str = "string"
    wide: bool = False
    format: str = ""

    def definition(self) -> Object:
        """Return the entry in columnDefinitions."""
        return {
            "name": self.name,
            "type": self.type,
            "format": self.format,
            "description": self.name,
            "priority": 1 if self.wide else 0,
        }


def get(path: str, default: Any = "") -> Cell:
    """A cell that reads a dotted path."""
    keys = path.split(".")

    def read(item: Object) -> Any:
        value: Any = item
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return default if value is None else value

    return read


def default_name(*annotations: str) -> Column:
    """The name, with a remark where one of the annotations makes the object the default of its kind."""

    def read(item: Object) -> str:
        values = item["metadata"].get("annotations") or {}
        remark = " (default)" if any(values.get(key) == "true" for key in annotations) else ""
        return f"{item['metadata']['name']}{remark}"

    return Column("Name", read, format="name")


def integer(name: str, path: str) -> Column:
    """A column of a number that is 0 if it is not set."""
    return Column(name, get(path, 0), type="integer")


def age(item: Object, path: str = "metadata.creationTimestamp") -> str:
    """The age of an object, as kubectl writes it."""
    moment = get(path)(item)
    return since(moment) if moment else "<unknown>"


def since(moment: str) -> str:
    """The time since a timestamp, as kubectl writes it."""
    then = datetime.fromisoformat(moment)
    return duration((datetime.now(UTC) - then).total_seconds())


def duration(seconds: float) -> str:
    """A span of time with two digits or so, like k8s.io/apimachinery/pkg/util/duration."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if whole < 120:
        return f"{whole}s"
    if minutes < 10:
        return f"{minutes}m{whole % 60}s" if whole % 60 else f"{minutes}m"
    if hours < 3:
        return f"{minutes}m"
    if hours < 8:
        return f"{hours}h{minutes % 60}m" if minutes % 60 else f"{hours}h"
    if hours < 48:
        return f"{hours}h"
    if days < 8:
        return f"{days}d{hours % 24}h" if hours % 24 else f"{days}d"
    return f"{days}d" if days < 730 else f"{days // 365}y"


def label_text(labels: dict[str, str] | None) -> str:
    """Return labels as text on one line."""
    return ",".join(f"{key}={value}" for key, value in sorted((labels or {}).items())) or "<none>"


NAME = Column("Name", get("metadata.name"), format="name")
AGE = Column("Age", age)
DEFAULT = (NAME, Column("Created At", get("metadata.creationTimestamp"), type="date"))
