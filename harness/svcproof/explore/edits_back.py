"""The steps that bring the objects of a scenario back to what they were earlier."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from svcproof.explore.drafts import Drafts, Objects, Step
from svcproof.explore.manifests import SERVICE_NAME, Manifest


def edits_back(drafts: Drafts, services: Objects, slices: Objects) -> list[Step]:
    """Bring Services and slices to what they were, with as few steps as it takes; none where nothing has changed."""
    return [*_services_back(drafts, services), *_slices_back(drafts, slices)]


def _services_back(drafts: Drafts, earlier: Objects) -> Iterator[Step]:
    for name in sorted(drafts.services.keys() - earlier.keys()):
        yield drafts.delete_service(name)
    for name, then in sorted(earlier.items()):
        now = drafts.services.get(name)
        if now and _is_headless(now) != _is_headless(then):
            yield drafts.delete_service(name)
            now = None
        if now is None:
            yield drafts.apply_service(deepcopy(then))
        else:
            yield from _service_back(drafts, name, deepcopy(now), deepcopy(then))


def _service_back(drafts: Drafts, name: str, now: Manifest, then: Manifest) -> Iterator[Step]:
    """Bring a Service that was edited back, its spec first, for what its status may have depends on the type."""
    if spec := _patch(now["spec"], then["spec"]):
        yield drafts.patch_spec(name, spec)
    for key in ("labels", "annotations"):
        if entries := _patch(now["metadata"].get(key) or {}, then["metadata"].get(key) or {}):
            yield drafts.patch_metadata("Service", name, key, entries)
    was_one = now["spec"]["type"] == "LoadBalancer"
    if then["spec"]["type"] == "LoadBalancer" and (now.get("status") != then.get("status") or not was_one):
        yield drafts.patch_ingress(name, then.get("status", {}).get("loadBalancer", {}).get("ingress", []))


def _slices_back(drafts: Drafts, earlier: Objects) -> Iterator[Step]:
    for name in sorted(drafts.slices.keys() - earlier.keys()):
        yield drafts.delete_slice(name)
    for name, then in sorted(earlier.items()):
        now = drafts.slices.get(name)
        if now and _fixed(now) != _fixed(then):
            yield drafts.delete_slice(name)
        elif now and (labels := _patch(now["metadata"]["labels"], then["metadata"]["labels"])):
            yield drafts.patch_metadata("EndpointSlice", name, "labels", labels)
        if drafts.slices.get(name) != then:
            yield drafts.apply_slice(deepcopy(then))


def _fixed(manifest: Manifest) -> tuple[str, str]:
    """The part of a slice that is not edited: its addressType, and the label that names its Service."""
    return manifest["addressType"], manifest["metadata"]["labels"][SERVICE_NAME]


def _patch(now: Manifest, then: Manifest) -> dict[str, Any]:
    """Return the merge patch that leads from one object to another; None takes a key away."""
    changed = {key: then.get(key) for key in (*now, *then) if now.get(key) != then.get(key)}
    return deepcopy(changed)


def _is_headless(service: Manifest) -> bool:
    return "clusterIP" in service["spec"]
