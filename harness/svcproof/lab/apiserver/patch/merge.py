"""JSON merge patch: https://www.rfc-editor.org/rfc/rfc7386 ."""

from typing import Any


def json_merge(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged into it."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = json_merge(result.get(key), value)
    return result
