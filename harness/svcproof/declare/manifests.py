"""Files of Kubernetes objects, read with the line of each."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from svcproof.errors import UsageError
from svcproof.json_objects import Object
from svcproof.printable import printable
from svcproof.yaml_reading import MANIFEST, Loc, Place, Unsound, parse, read_text


def read(path: Path) -> tuple[Object, ...]:
    """Return the objects of a file, in its order, those in a List one by one.

    Raises UsageError, each problem with file and line, where it cannot be read, is not YAML, or holds anything that
    is no object with apiVersion, kind and metadata.name, or holds none at all.
    """
    name = printable(str(path))
    try:
        parts = parse(read_text(path, MANIFEST.size), MANIFEST)
    except Unsound as error:
        raise UsageError(error.lines(name)) from error
    candidates = [single for part in parts if part.value is not None for single in _single(part.value, part.places, ())]
    problems = [f"{name}:{line}: {what}" for line, candidate in candidates if (what := _lack(candidate))]
    if problems or not candidates:
        raise UsageError(problems or f"{name}: holds no Kubernetes object")
    return tuple(candidate for _, candidate in candidates)


def identity(manifest: Object) -> tuple[str, ...]:
    """Version, kind, name and namespace: two objects that share them are one to the API server."""
    metadata = manifest["metadata"]
    return (manifest["apiVersion"], manifest["kind"], metadata["name"], str(metadata.get("namespace") or ""))


def images_in(files: Iterable[str]) -> tuple[str, ...]:
    """Return the images that the pods of the objects in these files run; raises UsageError as `read` does."""
    return images(manifest for file in files for manifest in read(Path(file)))


def images(objects: Iterable[Object]) -> tuple[str, ...]:
    """Return the images that the pods of these objects run, each once, wherever their kinds keep a pod's spec.

    Those of a pod's init containers come first, as they are needed first.
    """
    return tuple(dict.fromkeys(image for candidate in objects for image in _images(candidate)))


def _images(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in sorted(value.items(), key=lambda item: item[0] != "initContainers"):
            if key in {"containers", "initContainers"} and isinstance(inner, list):
                yield from (
                    candidate["image"] for candidate in inner if isinstance(candidate, dict) and "image" in candidate
                )
            yield from _images(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)


def _single(value: Any, places: Mapping[Loc, Place], loc: Loc) -> Iterator[tuple[int, Any]]:
    """Yield each object with the line it begins in."""
    if isinstance(value, dict) and isinstance(value.get("items"), list) and str(value.get("kind")).endswith("List"):
        for index, item in enumerate(value["items"]):
            yield from _single(item, places, (*loc, "items", index))
    else:
        yield places[loc].value[0], value


def _lack(candidate: Any) -> str:
    """The reason why it is not an object that can be applied; empty if it is."""
    if not isinstance(candidate, dict):
        return "is no Kubernetes object: a mapping with apiVersion, kind and metadata"
    metadata = candidate.get("metadata")
    words = {
        "apiVersion": candidate.get("apiVersion"),
        "kind": candidate.get("kind"),
        "metadata.name": metadata.get("name") if isinstance(metadata, dict) else None,
    }
    lacking = [key for key, word in words.items() if not (isinstance(word, str) and word)]
    return f"has no {' and no '.join(lacking)}" if lacking else ""
