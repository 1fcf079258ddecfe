"""A cluster's declaration with other IP families than it has."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any

from svcproof.declare.clusters import rooted
from svcproof.declare.document import Document, Mistake
from svcproof.declare.validate import validate
from svcproof.errors import UsageError
from svcproof.model.cluster_spec import ClusterSpec

OF_EACH_FAMILY = ("podRanges", "serviceRanges", "nodeRanges")
"""Keys that have a range for each family, in their order."""
PLACE = re.compile(r"^.*?:\d+:\d+: ")


@dataclass(frozen=True, slots=True)
class Derived:
    """The declaration as a spec and as a text, or the reason for which the cluster cannot have these families."""

    spec: ClusterSpec | None = None
    text: str = ""
    impossible: str = ""


def with_families(
    document: Document, families: tuple[str, ...], check: Callable[[ClusterSpec], Iterable[Mistake]]
) -> Derived:
    """Return a declared cluster's declaration with these families, the primary one first."""
    name = f"{document.path.stem}-{'+'.join(families)}"
    if document.value.get("provider") == "kubeconfig":
        return Derived(impossible="a cluster that exists has the families it has: name one that has these")
    value = {key: item for key, item in document.value.items() if key not in (*OF_EACH_FAMILY, "externalRanges")}
    value["families"] = list(families)
    for key in OF_EACH_FAMILY:
        by_family = {_family(text): text for text in document.value.get(key, ())}
        if set(families) <= by_family.keys():
            value[key] = [by_family[family] for family in families]
    value["externalRanges"] = [text for text in document.value.get("externalRanges", ()) if _family(text) in families]
    try:
        spec = validate(replace(document, value=value), ClusterSpec, check, {"provider": "lab"})
    except UsageError as error:
        return Derived(impossible=_reason(error.problems))
    spec = rooted(spec, document.path.absolute().parent).model_copy(update={"name": name})
    if spec.metallb.manifest:
        value["metallb"] = {**value["metallb"], "manifest": spec.metallb.manifest}
    return Derived(spec, json.dumps(value, indent=2), "")


def _family(text: Any) -> str:
    return f"ipv{ip_network(text).version}"


def _reason(problems: Iterable[str]) -> str:
    """The mistakes without their places: there is no such file."""
    sentences = [PLACE.sub("", problem) for problem in problems]
    about_families = [problem for problem in sentences if problem.startswith("families: ")]
    return "; ".join(problem.removeprefix("families: ") for problem in about_families or sentences)
