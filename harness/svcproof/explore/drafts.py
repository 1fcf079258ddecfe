"""The objects of a scenario as they are after the steps drawn so far, so that each next step fits what is there."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from svcproof.explore.drawn_services import Draw
from svcproof.explore.manifests import SERVICE_NAME, Manifest

MOST_SLICES = 4
Step = Manifest


@dataclass(slots=True)
class Drafts:
    """The objects as they are after the steps drawn so far; those that are gone may be made again."""

    services: dict[str, Manifest] = field(default_factory=dict)
    slices: dict[str, Manifest] = field(default_factory=dict)
    gone: dict[str, Manifest] = field(default_factory=dict)
    first: dict[str, Manifest] = field(default_factory=dict)
    """Slices as they were before the first edit of each."""
    before: dict[str, Manifest] = field(default_factory=dict)
    """For each Service the patch of its spec that takes the last one back."""

    def slices_of(self, service: str) -> list[Manifest]:
        """Return the slices of a Service, by name."""
        return [item for _, item in sorted(self.slices.items()) if item["metadata"]["labels"][SERVICE_NAME] == service]

    def free_slice_name(self, service: str) -> str:
        """Return a name that no slice has."""
        numbers = range(1, MOST_SLICES + 2)
        return next(name for number in numbers if (name := f"{service}-{number}") not in self.slices)

    def patch_spec(self, name: str, spec: Manifest) -> Step:
        """Return the step that edits the spec of a Service; None takes a key away."""
        current = self.services[name]["spec"]
        self.before[name] = {key: deepcopy(current.get(key)) for key in spec}
        for key, value in deepcopy(spec).items():
            current[key] = value
            if value is None:
                del current[key]
        return {"patch": {"kind": "Service", "name": name, "patch": {"spec": spec}}}

    def patch_metadata(self, kind: str, name: str, key: str, entries: dict[str, str | None]) -> Step:
        """Return the step that edits labels or annotations."""
        manifest = (self.services if kind == "Service" else self.slices)[name]
        changed = {**manifest["metadata"].get(key, {}), **entries}
        manifest["metadata"][key] = {word: value for word, value in changed.items() if value is not None}
        return {"patch": {"kind": kind, "name": name, "patch": {"metadata": {key: entries}}}}

    def apply_service(self, manifest: Manifest) -> Step:
        """Return the step that makes a Service."""
        self.services[manifest["metadata"]["name"]] = manifest
        self.before.pop(manifest["metadata"]["name"], None)
        return {"apply": deepcopy(manifest)}

    def apply_slice(self, manifest: Manifest) -> Step:
        """Return the step that makes a slice, or brings it to this."""
        name = manifest["metadata"]["name"]
        if name in self.slices:
            self.first.setdefault(name, deepcopy(self.slices[name]))
        self.slices[name] = manifest
        return {"apply": deepcopy(manifest)}

    def delete_slice(self, name: str) -> Step:
        """Return the step that deletes a slice."""
        del self.slices[name]
        return {"delete": {"kind": "EndpointSlice", "name": name}}

    def delete_service(self, name: str) -> Step:
        """Return the step that deletes a Service; its slices stay."""
        self.gone[name] = self.services.pop(name)
        return {"delete": {"kind": "Service", "name": name}}


Edit = Callable[[Draw, Drafts, str], list[Step]]
"""Draws the steps of one edit of a Service or its slices, and makes the change in the drafts.

Several steps belong together."""
Possible = Callable[[Drafts, str], bool]


def has(key: str, *values: object) -> Possible:
    """The edit is possible where the spec of the Service has one of these values there."""

    def possible(drafts: Drafts, name: str) -> bool:
        return drafts.services[name]["spec"].get(key) in values

    return possible


def always(drafts: Drafts, name: str) -> bool:
    """True: the edit is possible whatever there is."""
    return True
