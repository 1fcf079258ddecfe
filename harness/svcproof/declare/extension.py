"""A proxy's declaration that extends another, written out: what it says, laid over what that one says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from svcproof.declare.document import Document, Loc, Mistake
from svcproof.errors import near
from svcproof.model.proxy_spec import ALL_BUT, ALSO, ProxySpec
from svcproof.printable import quoted

LISTS = {ALL_BUT: "the behaviours whose deviations it does not share", ALSO: "further deviations"}


def extended(document: Document, base: ProxySpec) -> Document:
    """Return a declaration that extends `base` as if it said all itself.

    Mappings are joined key by key, and everything else it says takes the place of what `base` says. `deviations` may be
    `{all-but: [...], also: [...]}`, relative to those of `base`.
    """
    document = _with_deviations(document, base)
    said = base.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name", "version", "named"})
    return replace(document, value=_joined(said, document.value))


def refusing_relative_deviations(document: Document) -> Document:
    """Note the mistake of a declaration that extends none, and names deviations relative to another's."""
    if not isinstance(document.value.get("deviations"), dict):
        return document
    mistake = Mistake(("deviations",), f"should be a list: {ALL_BUT} and {ALSO} are for one that extends another")
    return replace(document.noting([mistake]), value=document.value | {"deviations": []})


def _joined(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        key: _joined(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value
        for key, value in above.items()
    }
    return {**below, **both}


def _with_deviations(document: Document, base: ProxySpec) -> Document:
    relative = document.value.get("deviations")
    if not isinstance(relative, dict):
        return document
    shared = {deviation.behaviour: deviation.model_dump(mode="json", by_alias=True) for deviation in base.deviations}
    mistakes = list(_mistakes(relative, shared, document.value["extends"]))
    without, also = ((), ()) if mistakes else (relative.get(ALL_BUT, ()), relative.get(ALSO, ()))
    kept = [deviation for behaviour, deviation in shared.items() if behaviour not in without]
    value = document.value | {"deviations": [*also, *kept]}
    # Those that it adds come first, so that a mistake in one of them is told with its place.
    moved: dict[Loc, Any] = {
        ("deviations", *loc[2:]): place for loc, place in document.places.items() if loc[:2] == ("deviations", ALSO)
    }
    return replace(document.noting(mistakes), value=value, places={**document.places, **moved})


def _mistakes(relative: Mapping[str, Any], shared: Mapping[str, Any], base: str) -> Iterator[Mistake]:
    for key in relative:
        if key not in LISTS:
            yield Mistake(("deviations", key), f"unknown key{near(str(key), LISTS)}")
    if not LISTS.keys() & relative:
        yield Mistake(("deviations", ALL_BUT), f"should be a list of {LISTS[ALL_BUT]}")
    for key in LISTS.keys() & relative:
        if not isinstance(relative[key], list):
            yield Mistake(("deviations", key), f"should be a list of {LISTS[key]}")
    names = relative.get(ALL_BUT)
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if name not in shared:
            what = f"{quoted(name)} is no behaviour that {quoted(base)} deviates from{near(str(name), shared)}"
            yield Mistake(("deviations", ALL_BUT, index), what)
