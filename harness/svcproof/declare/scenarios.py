"""A scenario read from its file, with every mistake in it told at once."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from svcproof.declare.document import Document, Loc, Mistake, read
from svcproof.declare.validate import validate
from svcproof.errors import near
from svcproof.model.placeholders import is_known, placeholders, suggestions
from svcproof.model.scenario import API_VERSIONS, SAMPLE_PODS, Edit, Scenario, checked_name
from svcproof.model.words import problem
from svcproof.printable import quoted

STAND_IN: dict[str, Any] = {"title": "stand-in", "objects": [{}]}
SLICE_LABEL = "kubernetes.io/service-name"


def scenario(path: Path) -> Scenario:
    """Return the scenario in a file; raises UsageError with every mistake in it."""
    document = read(path)
    return validate(document, Scenario, partial(_mistakes, document), STAND_IN)


def _mistakes(document: Document, scenario: Scenario) -> Iterator[Mistake]:
    pods = (*SAMPLE_PODS, *(pod.name for pod in scenario.pods))
    yield from _mistakes_in_placeholders(document, pods)
    yield from _mistakes_in_pods(scenario)
    made: set[tuple[str, str]] = set()
    for index, manifest in enumerate(scenario.objects):
        mistakes = [*_mistakes_in_manifest(manifest, ("objects", index))]
        yield from mistakes
        if mistakes:
            continue
        key = (manifest["kind"], manifest["metadata"]["name"])
        if key in made:
            yield Mistake(("objects", index, "metadata", "name"), f"there is another {key[0]} {key[1]}")
        made.add(key)
    yield from _mistakes_in_steps(scenario, made)
    yield from _mistakes_in_expectations(scenario)


def _mistakes_in_placeholders(document: Document, pods: tuple[str, ...]) -> Iterator[Mistake]:
    for loc, word in placeholders(document.value):
        if loc[:1] in (("title",), ("why",)):
            continue
        if not is_known(word, pods):
            yield Mistake(loc, f"unknown placeholder ${{{word}}}{near(word, suggestions(pods))}")


def _mistakes_in_pods(scenario: Scenario) -> Iterator[Mistake]:
    taken = set(SAMPLE_PODS)
    for index, pod in enumerate(scenario.pods):
        if pod.name in taken:
            yield Mistake(("pods", index, "name"), f"there is another pod {pod.name}")
        taken.add(pod.name)


def _mistakes_in_manifest(manifest: dict[str, Any], at: Loc) -> Iterator[Mistake]:
    kind = str(manifest.get("kind"))
    if kind not in API_VERSIONS:
        yield Mistake((*at, "kind"), f"{quoted(kind)} is no kind of a scenario{near(kind, API_VERSIONS)}")
        return
    if manifest.get("apiVersion") != API_VERSIONS[kind]:
        yield Mistake((*at, "apiVersion"), f"a {kind} of a scenario is of {API_VERSIONS[kind]}")
    metadata = manifest.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        yield Mistake((*at, "metadata"), "has no name")
        return
    if why := problem(checked_name, metadata["name"]):
        yield Mistake((*at, "metadata", "name"), f"{quoted(metadata['name'])} {why}")
    if "namespace" in metadata:
        yield Mistake((*at, "metadata", "namespace"), "is the run's own: leave it out")
    labels = metadata.get("labels") or {}
    if kind == "EndpointSlice" and not (isinstance(labels, dict) and isinstance(labels.get(SLICE_LABEL), str)):
        yield Mistake((*at, "metadata"), f"has no label {SLICE_LABEL}: it would be of no Service")


def _mistakes_in_steps(scenario: Scenario, made: set[tuple[str, str]]) -> Iterator[Mistake]:
    own = {pod.name for pod in scenario.pods}
    for index, step in enumerate(scenario.steps):
        at: Loc = ("steps", index)
        inner: Loc = ("interrupt", "meanwhile") if step.interrupt else ("together",)
        for number, edit in enumerate(step.edits):
            yield from _mistakes_in_edit(edit, at if edit is step else (*at, *inner, number), made)
        for key, pod in (("ready", step.ready), ("relabel", step.relabel)):
            if pod and pod.pod not in own:
                what = f"{quoted(pod.pod)} is no pod of the scenario{near(pod.pod, own)}; sample pods stay as they are"
                yield Mistake((*at, key, "pod"), what)


def _mistakes_in_edit(edit: Edit, at: Loc, made: set[tuple[str, str]]) -> Iterator[Mistake]:
    """Yield the mistakes of one change, and note in `made` which objects there are after it."""
    if edit.apply is not None:
        mistakes = [*_mistakes_in_manifest(edit.apply, (*at, "apply"))]
        yield from mistakes
        if not mistakes:
            made.add((edit.apply["kind"], edit.apply["metadata"]["name"]))
    for key, named in (("patch", edit.patch), ("delete", edit.delete)):
        if named and (named.kind, named.name) not in made:
            there = [name for kind, name in made if kind == named.kind]
            yield Mistake((*at, key, "name"), f"there is no {named.kind} {named.name} then{near(named.name, there)}")
    if edit.delete:
        made.discard((edit.delete.kind, edit.delete.name))


def _mistakes_in_expectations(scenario: Scenario) -> Iterator[Mistake]:
    every = (*scenario.objects, *(edit.apply for step in scenario.steps for edit in step.edits if edit.apply))
    services = {
        str((manifest.get("metadata") or {}).get("name")) for manifest in every if manifest.get("kind") == "Service"
    }
    for index, expected in enumerate(scenario.expect):
        at: Loc = ("expect", index)
        if expected.service not in services:
            yield Mistake((*at, "service"), f"there is no Service {expected.service}{near(expected.service, services)}")
        if expected.after is not None and expected.after > len(scenario.steps):
            yield Mistake((*at, "after"), f"there are {len(scenario.steps)} steps")
        if expected.backends and not expected.answered:
            yield Mistake((*at, "backends"), "where nobody answers there are none")
