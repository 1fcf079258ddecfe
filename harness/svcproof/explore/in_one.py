"""Several edits of one object as one write, as a client that changes two fields makes it. Pure functions."""

from collections.abc import Iterable

from svcproof.explore.manifests import Manifest

Step = Manifest


def in_one(edits: Iterable[Step]) -> list[Step]:
    """Write at once what edits, each right after another, change in one object; all others stay as they are."""
    written: list[Step] = []
    for edit in edits:
        joined = _joined(written[-1], edit) if written else None
        written[-1:] = [joined] if joined else [*written[-1:], edit]
    return written


def _joined(first: Step, second: Step) -> Step | None:
    """One write for two of one object; None where they are none, or not of one object."""
    if _object(first) != _object(second):
        return None
    if "patch" in first and "patch" in second:
        return {"patch": {**first["patch"], "patch": _merged(first["patch"]["patch"], second["patch"]["patch"])}}
    return second if "apply" in first and "apply" in second else None


def _object(edit: Step) -> tuple[str, str, bool]:
    """The kind and name of the object that an edit is of, and whether of its status."""
    if "apply" in edit:
        return edit["apply"]["kind"], edit["apply"]["metadata"]["name"], False
    (change,) = edit.values()
    return change["kind"], change["name"], bool(change.get("status"))


def _merged(first: Manifest, second: Manifest) -> Manifest:
    """The merge patch that does what two do, the second after the first."""
    merged = dict(first)
    for key, value in second.items():
        before = merged.get(key)
        merged[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged
