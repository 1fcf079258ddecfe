"""The features of a proxy that are declared as all but some, or as some more, written out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from svcproof.declare.document import Document, Mistake
from svcproof.errors import near
from svcproof.model.proxy_spec import ALL_BUT, ALSO
from svcproof.model.vocabulary import CLAIMED_BY_DEFAULT, Feature
from svcproof.printable import QUOTED, quoted

LISTS = {ALL_BUT: "the features that the proxy leaves out", ALSO: "features that a proxy claims by name only"}


def written_out(document: Document) -> Document:
    """Return a proxy's declaration with `features: {all-but: [...], also: [...]}` as the list that it stands for."""
    features = document.value.get("features")
    if not isinstance(features, dict):
        return document
    mistakes = list(_mistakes(features))
    without, also = ((), ()) if mistakes else (features.get(ALL_BUT, ()), features.get(ALSO, ()))
    claimed = CLAIMED_BY_DEFAULT.difference(without).union(also)
    value = document.value | {"features": [feature.value for feature in Feature if feature in claimed]}
    lines = tuple(document.line(mistake) for mistake in mistakes)
    return replace(document, value=value, problems=(*document.problems, *lines))


def _mistakes(features: dict[str, Any]) -> Iterator[Mistake]:
    for key in features:
        if key not in LISTS:
            yield Mistake(("features", key), f"unknown key{near(str(key), LISTS)}")
    if not LISTS.keys() & features:
        yield Mistake(("features", ALL_BUT), f"should be a list of {LISTS[ALL_BUT]}")
    for key in LISTS.keys() & features:
        yield from _mistakes_in(key, features[key])
    if all(isinstance(features.get(key), list) for key in LISTS):
        for index, name in enumerate(features[ALSO]):
            if name in features[ALL_BUT]:
                yield Mistake(("features", ALSO, index), f"{quoted(name)} is in {ALL_BUT} too")


def _mistakes_in(key: str, names: object) -> Iterator[Mistake]:
    if not isinstance(names, list):
        yield Mistake(("features", key), f"should be a list of {LISTS[key]}")
        return
    known = [feature.value for feature in Feature]
    for index, name in enumerate(names):
        if name not in known:
            what = f"{quoted(name)} is unknown{near(str(name)[:QUOTED], known)}"
            yield Mistake(("features", key, index), what)
