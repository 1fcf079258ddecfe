"""The objects of a scenario as they are after the steps drawn so far, so that each next step fits what is there."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from svcproof.explore.drawn_services import Draw
from svcproof.explore.manifests import SERVICE_NAME, Manifest, patched

MOST_SLICES = 4
Step = Manifest
Objects = dict[str, Manifest]
"""Objects of one kind by name."""


@dataclass(slots=True)
class Drafts:
    """The objects as they are after the steps drawn so far; those that are gone may be made again."""

    services: Objects = field(default_factory=dict)
    slices: Objects = field(default_factory=dict)
    gone: Objects = field(default_factory=dict)
    earlier: list[tuple[Objects, Objects]] = field(default_factory=list)
    """Services and slices as they were before each step."""

    def begin_step(self) -> None:
        """Remember what there is, so that a later step can bring it back."""
        self.earlier.append((deepcopy(self.services), deepcopy(self.slices)))

    def slices_of(self, service: str) -> list[Manifest]:
        """Return the slices of a Service, by name."""
        return [item for _, item in sorted(self.slices.items()) if item["metadata"]["labels"][SERVICE_NAME] == service]

    def free_slice_name(self, service: str) -> str:
        """Return a name that no slice has."""
        numbers = range(1, len(self.slices) + 2)
        return next(name for number in numbers if (name := f"{service}-{number}") not in self.slices)

    def patch_spec(self, name: str, spec: Manifest) -> Step:
        """Return the step that edits the spec of a Service; None takes a key away."""
        service = self.services[name]
        service["spec"] = patched(service["spec"], spec)
        if service["spec"]["type"] != "LoadBalancer":
            service.pop("status", None)
        return {"patch": {"kind": "Service", "name": name, "patch": {"spec": spec}}}

    def patch_metadata(self, kind: str, name: str, key: str, entries: dict[str, str | None]) -> Step:
        """Return the step that edits labels or annotations."""
        manifest = (self.services if kind == "Service" else self.slices)[name]
        manifest["metadata"][key] = patched(manifest["metadata"].get(key) or {}, entries)
        return {"patch": {"kind": kind, "name": name, "patch": {"metadata": {key: entries}}}}

    def patch_ingress(self, name: str, ingress: list[Manifest]) -> Step:
        """Return the step that gives a Service the addresses of a load balancer, or none."""
        if ingress:
            self.services[name]["status"] = {"loadBalancer": {"ingress": deepcopy(ingress)}}
        else:
            self.services[name].pop("status", None)
        patch = {"status": {"loadBalancer": {"ingress": ingress or None}}}
        return {"patch": {"kind": "Service", "name": name, "patch": patch, "status": True}}

    def apply_service(self, manifest: Manifest) -> Step:
        """Return the step that makes a Service."""
        name = manifest["metadata"]["name"]
        self.gone.pop(name, None)
        self.services[name] = manifest
        return {"apply": deepcopy(manifest)}

    def apply_slice(self, manifest: Manifest) -> Step:
        """Return the step that makes a slice, or brings it to this."""
        self.slices[manifest["metadata"]["name"]] = manifest
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
Possible = Callable[[Drafts, str], int]
"""The weight of an edit among those that are possible: 0 where it is not, more than 1 where it is likely to matter."""


def has(key: str, *values: object) -> Possible:
    """The edit is possible where the spec of the Service has one of these values there."""

    def possible(drafts: Drafts, name: str) -> bool:
        return drafts.services[name]["spec"].get(key) in values

    return possible


def always(drafts: Drafts, name: str) -> bool:
    """True: the edit is possible whatever there is."""
    return True
