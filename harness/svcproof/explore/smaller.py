"""Smaller scenarios: what is left of one without some part of it, the smallest first. Pure functions."""

import json
from collections.abc import Iterator, Set
from copy import deepcopy
from typing import Any

from svcproof.explore.manifests import SERVICE_NAME, Manifest, patched, title

Place = tuple[str | int, ...]
NEEDED = frozenset(
    {
        *("apiVersion", "kind", "metadata", "name", "labels", SERVICE_NAME, "spec", "type"),
        *("addressType", "addresses", "ports", "port"),
        *("apply", "patch", "delete", "ready", "relabel", "interrupt", "wait", "pod", "together", "proxy"),
    }
)
"""Keys without which an object or a step is none."""
LEFT_OUT_IF_EMPTY = frozenset({"labels", "conditions", "hints", "status"})
KEPT_WHOLE = frozenset({"apiVersion", "kind", "metadata", "name", "addresses"})
PLAINER = {"LoadBalancer": "NodePort", "NodePort": "ClusterIP"}
OF_OTHER_TYPES = {
    "NodePort": ("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts"),
    "ClusterIP": ("externalTrafficPolicy",),
}


def smaller(scenario: Manifest) -> tuple[Manifest, ...]:
    """Return scenarios that lack something this one has, or have something plainer, the smallest first."""
    candidates = {_text(candidate): candidate for candidate in _candidates(scenario) if candidate["objects"]}
    candidates.pop(_text(scenario), None)
    return tuple({**candidates[text], "title": title(candidates[text])} for text in sorted(candidates, key=len))


def cut(scenario: Manifest, steps: int) -> Manifest:
    """The scenario up to this step."""
    shorter = {**scenario, "steps": scenario["steps"][:steps]}
    return {**shorter, "title": title(shorter)}


def _candidates(scenario: Manifest) -> Iterator[Manifest]:
    yield from _without_services(scenario)
    yield from _without_most_steps(scenario)
    for place in _places(scenario, ()):
        yield _without(scenario, place)
    for index, manifest in enumerate(scenario["objects"]):
        if (kind := manifest.get("spec", {}).get("type")) in PLAINER:
            yield _of_type(scenario, index, PLAINER[kind])
    yield from _begun_later(scenario)
    yield from _plainer_steps(scenario)


def _plainer_steps(scenario: Manifest) -> Iterator[Manifest]:
    """Make of a step that has one change in it that change alone, and of an interruption its changes."""
    for index, step in enumerate(scenario["steps"]):
        edits = inner_edits(step)
        if edits and ("interrupt" in step or len(edits) == 1):
            plainer = edits[0] if len(edits) == 1 else {"together": edits}
            yield {**scenario, "steps": [*scenario["steps"][:index], plainer, *scenario["steps"][index + 1 :]]}


def inner_edits(step: Manifest) -> list[Manifest]:
    """The changes that a step makes together, or while the proxy is away; none where it is one change itself."""
    edits: list[Manifest] = step.get("together") or step.get("interrupt", {}).get("meanwhile") or []
    return edits


def _without_services(scenario: Manifest) -> Iterator[Manifest]:
    """Leave out one Service with its slices and all steps that touch them, or all but one."""
    names = [item["metadata"]["name"] for item in scenario["objects"] if item["kind"] == "Service"]
    for name in names if len(names) > 1 else ():
        yield _left(scenario, {name})
        yield _left(scenario, {*names} - {name})


def _left(scenario: Manifest, names: Set[str]) -> Manifest:
    """The scenario without these Services."""
    objects = [item for item in scenario["objects"] if _service_of(item) not in names]
    steps = scenario["steps"]
    for name in names:
        steps = [left for step in steps if (left := _without_service(step, name))]
    return {**scenario, "objects": objects, "steps": steps}


def _without_most_steps(scenario: Manifest) -> Iterator[Manifest]:
    """Leave out all steps but the last, or but the last two: most differences need no more."""
    for number in (1, 2):
        if len(scenario["steps"]) > number + 1:
            yield {**scenario, "steps": scenario["steps"][-number:]}


def _without_service(step: Manifest, name: str) -> Manifest | None:
    """The step without the changes that touch a Service; None where nothing is left of it."""
    edits = [edit for edit in inner_edits(step) if name not in _touched(edit)]
    if "together" in step:
        return {"together": edits} if edits else None
    if "interrupt" in step:
        interrupt = {key: value for key, value in step["interrupt"].items() if key != "meanwhile"}
        return {"interrupt": interrupt | ({"meanwhile": edits} if edits else {})}
    return None if name in _touched(step) else step


def _begun_later(scenario: Manifest) -> Iterator[Manifest]:
    """Begin with the objects as the first step would leave them."""
    first, *rest = scenario["steps"] or [{}]
    edits = inner_edits(first) or [first]
    if not first or "interrupt" in first or not all(edit.keys() & {"apply", "patch", "delete"} for edit in edits):
        return
    objects = {(item["kind"], item["metadata"]["name"]): item for item in deepcopy(scenario["objects"])}
    for edit in edits:
        if manifest := edit.get("apply"):
            objects.pop((manifest["kind"], manifest["metadata"]["name"]), None)
            objects[manifest["kind"], manifest["metadata"]["name"]] = manifest
            continue
        (change,) = edit.values()
        before = objects.pop((change["kind"], change["name"]), None)
        if before and "patch" in edit:
            objects[change["kind"], change["name"]] = patched(before, change["patch"])
    yield {**scenario, "objects": list(objects.values()), "steps": rest}


def _places(value: Any, at: Place) -> Iterator[Place]:
    """Yield the places of all parts that may be left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if at and (key not in NEEDED or at[-1] == "conditions"):
                yield (*at, key)
            if key not in KEPT_WHOLE or (at and key == "metadata"):
                yield from _places(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*at, index)
            yield from _places(inner, (*at, index))


def _without(scenario: Manifest, place: Place) -> Manifest:
    changed = deepcopy(scenario)
    holders: list[Any] = [changed]
    for part in place[:-1]:
        holders.append(holders[-1][part])
    del holders[-1][place[-1]]
    if holders[-1] == {} and place[-2] in LEFT_OUT_IF_EMPTY:
        del holders[-2][place[-2]]
    changed["steps"] = [step for step in changed["steps"] if step != {"together": []}]
    return changed


def _of_type(scenario: Manifest, index: int, kind: str) -> Manifest:
    changed = deepcopy(scenario)
    manifest = changed["objects"][index]
    manifest["spec"] = {key: value for key, value in manifest["spec"].items() if key not in OF_OTHER_TYPES[kind]}
    manifest["spec"]["type"] = kind
    manifest.pop("status", None)
    return changed


def _service_of(manifest: Manifest) -> str:
    metadata: Manifest = manifest["metadata"]
    return str(metadata["name"] if manifest["kind"] == "Service" else metadata["labels"][SERVICE_NAME])


def _touched(step: Manifest) -> frozenset[str]:
    """The names of the Service that a step changes, and of its slices' Service."""
    if "apply" in step:
        return frozenset({_service_of(step["apply"])})
    (change,) = step.values()
    name = str(change.get("name", ""))
    return frozenset({name, name.rpartition("-")[0]})


def _text(scenario: Manifest) -> str:
    return json.dumps([scenario["objects"], scenario["steps"]], sort_keys=True)
