"""Files of Kubernetes objects, read with the line of each."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from harness.errors import UsageError
from harness.model.cluster import Object


def read(path: Path) -> tuple[Object, ...]:
    """Return the objects of a file, in its order, those in a List one by one.

    Raises UsageError, each problem with file and line, where it cannot be read, is not YAML, or holds anything that
    is no object with apiVersion, kind and metadata.name, or holds none at all.
    """
    try:
        found = list(_objects(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not a text file in UTF-8: {error.reason} at byte {error.start}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{path}:{mark.line + 1}" if mark else str(path)
        raise UsageError(f"{at}: is not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error
    problems = [f"{path}:{line}: {what}" for line, one in found if (what := _lack(one))]
    if problems or not found:
        raise UsageError(problems or f"{path}: holds no Kubernetes object")
    return tuple(one for _, one in found)


def images(objects: Iterable[Object]) -> tuple[str, ...]:
    """Return the images that the pods of these objects run, each once, wherever their kinds keep a pod's spec.

    Those of a pod's init containers come first, as they are needed first.
    """
    return tuple(dict.fromkeys(image for one in objects for image in _images(one)))


def _images(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in sorted(value.items(), key=lambda item: item[0] != "initContainers"):
            if key in {"containers", "initContainers"} and isinstance(inner, list):
                yield from (one["image"] for one in inner if isinstance(one, dict) and "image" in one)
            yield from _images(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)


def _objects(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each object with the line it begins in."""
    loader = yaml.CSafeLoader(text)
    try:
        while loader.check_node():
            node: Any = loader.get_node()
            # Through JSON, which is what the API server gets: a date is a string there, and so is every key.
            value = json.loads(json.dumps(loader.construct_document(node), default=str))
            if value is not None:
                yield from _single(node, value)
    finally:
        loader.dispose()


def _single(node: Any, value: Any) -> Iterator[tuple[int, Any]]:
    if isinstance(value, dict) and isinstance(value.get("items"), list) and str(value.get("kind")).endswith("List"):
        items = next(item for key, item in node.value if key.value == "items")
        for inner, one in zip(items.value, value["items"], strict=True):
            yield from _single(inner, one)
    else:
        yield node.start_mark.line + 1, value


def _lack(one: Any) -> str:
    """What keeps it from being an object that can be applied; empty where nothing does."""
    if not isinstance(one, dict):
        return "is no Kubernetes object: a mapping with apiVersion, kind and metadata"
    metadata = one.get("metadata")
    words = {
        "apiVersion": one.get("apiVersion"),
        "kind": one.get("kind"),
        "metadata.name": metadata.get("name") if isinstance(metadata, dict) else None,
    }
    lacking = [key for key, word in words.items() if not (isinstance(word, str) and word)]
    return f"has no {' and no '.join(lacking)}" if lacking else ""
