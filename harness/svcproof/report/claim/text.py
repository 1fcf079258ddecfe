"""A claim as the text of a YAML file."""

from typing import Any

import yaml

from svcproof.model.claim import Claim

HEAD = "# A claim of svcproof. Every number follows from the run file: svcproof claim --check claim.yaml DIR\n"
WIDTH = 120
ON_ONE_LINE = frozenset({"features", "families", "found", "core", "levels", "promises"})
"""Keys whose values, or the values in these, are written on one line each."""


class _Short(dict[str, Any]):
    """A mapping that is written on one line."""


class _ShortList(list[Any]):
    """A list that is written on one line, or on as few as it fits."""


class _Dumper(yaml.SafeDumper):
    """Writes those two so."""


_Dumper.add_representer(_Short, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, True))
_Dumper.add_representer(
    _ShortList, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, True)
)


def text_of(claim: Claim) -> str:
    """The text; what is 0, or empty, is left out where it may be."""
    values = claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    laid_out = _laid_out(values, "")
    return HEAD + yaml.dump(laid_out, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def _laid_out(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return _ShortList(value) if key in ON_ONE_LINE else [_laid_out(item, "") for item in value]
    if not isinstance(value, dict):
        return value
    is_flat = not any(isinstance(item, dict) for item in value.values())
    if key in ON_ONE_LINE and is_flat:
        return _Short(value)
    return {name: _laid_out(item, key if key in ("levels", "promises") else name) for name, item in value.items()}
