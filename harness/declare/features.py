"""The features of a proxy that are said as all but some, written out."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harness.declare.document import Document, Mistake
from harness.errors import near
from harness.model.proxy_spec import ALL_BUT
from harness.model.vocabulary import Feature
from harness.printable import QUOTED, quoted


def written_out(document: Document) -> Document:
    """Return a proxy's declaration with `features: {all-but: [...]}` as the list that it stands for."""
    features = document.value.get("features")
    if not isinstance(features, dict):
        return document
    mistakes = list(_mistakes(features))
    without = [] if mistakes else features[ALL_BUT]
    value = document.value | {"features": [feature.value for feature in Feature if feature not in without]}
    lines = tuple(document.line(mistake) for mistake in mistakes)
    return replace(document, value=value, problems=(*document.problems, *lines))


def _mistakes(features: dict[str, Any]) -> Iterator[Mistake]:
    for key in features:
        if key != ALL_BUT:
            yield Mistake(("features", key), f"unknown key (did you mean {ALL_BUT}?)")
    listed = features.get(ALL_BUT)
    if not isinstance(listed, list):
        yield Mistake(("features", ALL_BUT), "should be a list of the features that the proxy leaves out")
        return
    for index, name in enumerate(listed):
        known = [feature.value for feature in Feature]
        if name not in known:
            what = f"{quoted(name)} is unknown{near(str(name)[:QUOTED], known)}"
            yield Mistake(("features", ALL_BUT, index), what)
