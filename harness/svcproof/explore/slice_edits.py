"""The drawing of edits of the EndpointSlices of a Service: their endpoints, ports, labels, and their number."""

from copy import deepcopy

from hypothesis import strategies as st

from svcproof.explore import drawn_slices as slices
from svcproof.explore.drafts import MOST_SLICES, Drafts, Edit, Possible, Step
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.manifests import HEADLESS, MANAGED_BY, Manifest


def _new(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    manifest = slices.draw_slice(draw, drafts.free_slice_name(name), drafts.services[name], drafts.slices_of(name))
    return [drafts.apply_slice(manifest)]


def _again(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Draw a slice anew; its addressType cannot be changed, so it may have to be made anew, too."""
    before = _chosen(draw, drafts, name)
    manifest = slices.draw_slice(draw, before["metadata"]["name"], drafts.services[name], drafts.slices_of(name))
    if manifest["addressType"] == before["addressType"] and not rarely(draw):
        return [drafts.apply_slice(manifest)]
    return [drafts.delete_slice(before["metadata"]["name"]), drafts.apply_slice(manifest)]


def _one_endpoint(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Edit the conditions of one endpoint, or leave it out."""
    changed = _with_endpoints(draw, drafts, name)
    index = draw(st.integers(0, len(changed["endpoints"]) - 1))
    how = draw(st.sampled_from(("conditions", "left out", "node", "hints")))
    if how == "left out":
        del changed["endpoints"][index]
    elif how == "node":
        changed["endpoints"][index]["nodeName"] = f"${{node-{draw(st.integers(1, 3))}}}"
    elif how == "hints":
        changed["endpoints"][index] |= slices.hints(draw)
    else:
        changed["endpoints"][index]["conditions"] = dict(draw(st.sampled_from(slices.CONDITIONS[2:])))
    return [drafts.apply_slice(changed)]


def _back(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Bring a slice back to what it was at first."""
    return [drafts.apply_slice(deepcopy(draw(st.sampled_from(_edited(drafts, name)))))]


def _edited(drafts: Drafts, name: str) -> list[Manifest]:
    """Return the slices of a Service that are no longer as they were at first, as they were."""
    pairs = [(drafts.first.get(item["metadata"]["name"], item), item) for item in drafts.slices_of(name)]
    return [first for first, now in pairs if first != now and first["addressType"] == now["addressType"]]


def _all_endpoints(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Give all endpoints of a slice the same conditions, hints, or end."""
    changed = _with_endpoints(draw, drafts, name)
    how = draw(st.sampled_from(("conditions", "hints", "no endpoints", "no hints")))
    conditions = draw(st.sampled_from(slices.CONDITIONS[2:]))
    for endpoint in changed["endpoints"]:
        if how == "conditions":
            endpoint["conditions"] = dict(conditions)
        elif how == "hints":
            endpoint |= slices.hints(draw)
        elif how == "no hints":
            endpoint.pop("hints", None)
    if how == "no endpoints":
        changed["endpoints"] = []
    return [drafts.apply_slice(changed)]


def _ports(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    changed = deepcopy(_chosen(draw, drafts, name))
    changed["ports"] = slices.slice_ports(draw, drafts.services[name])
    return [drafts.apply_slice(changed)]


def _labels(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    manifest = _chosen(draw, drafts, name)
    labels = manifest["metadata"]["labels"]
    if rarely(draw):
        entries = {HEADLESS: None if HEADLESS in labels else ""}
    else:
        entries = {MANAGED_BY: draw(st.sampled_from(("a.example.com", "b.example.com")))}
    return [drafts.patch_metadata("EndpointSlice", manifest["metadata"]["name"], "labels", entries)]


def _delete(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    return [drafts.delete_slice(_chosen(draw, drafts, name)["metadata"]["name"])]


def _split(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Move some endpoints of a slice to a new one: before they leave the old one, or after."""
    kept = _with_endpoints(draw, drafts, name)
    place = draw(st.integers(0, len(kept["endpoints"]) - 1))
    new = deepcopy(kept)
    new["metadata"]["name"] = drafts.free_slice_name(name)
    new["endpoints"], kept["endpoints"] = new["endpoints"][place:], kept["endpoints"][:place]
    steps = [drafts.apply_slice(new), drafts.apply_slice(kept)]
    return steps if draw(st.booleans()) else steps[::-1]


def _merge(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Move the endpoints of a slice to another that has the same ports."""
    first, second = (deepcopy(manifest) for manifest in _pair(drafts, name) or ())
    known = {endpoint["addresses"][0] for endpoint in first["endpoints"]}
    first["endpoints"] += [item for item in second["endpoints"] if item["addresses"][0] not in known]
    steps = [drafts.apply_slice(first), drafts.delete_slice(second["metadata"]["name"])]
    return steps if draw(st.booleans()) else steps[::-1]


def _chosen(draw: Draw, drafts: Drafts, name: str) -> Manifest:
    manifest: Manifest = draw(st.sampled_from(drafts.slices_of(name)))
    return manifest


def _with_endpoints(draw: Draw, drafts: Drafts, name: str) -> Manifest:
    manifest: Manifest = draw(st.sampled_from([item for item in drafts.slices_of(name) if item["endpoints"]]))
    return deepcopy(manifest)


def _pair(drafts: Drafts, name: str) -> tuple[Manifest, Manifest] | None:
    """Return the first two slices of a Service that have the same ports and type."""
    several = drafts.slices_of(name)
    for number, first in enumerate(several):
        for second in several[number + 1 :]:
            if all(first[key] == second[key] for key in ("ports", "addressType")):
                return first, second
    return None


def _has_slices(drafts: Drafts, name: str) -> bool:
    return bool(drafts.slices_of(name))


def _has_endpoints(drafts: Drafts, name: str) -> bool:
    return any(item["endpoints"] for item in drafts.slices_of(name))


def _has_room(drafts: Drafts, name: str) -> bool:
    return len(drafts.slices_of(name)) < MOST_SLICES


def _is_edited(drafts: Drafts, name: str) -> bool:
    return bool(_edited(drafts, name))


def _may_split(drafts: Drafts, name: str) -> bool:
    return _has_room(drafts, name) and _has_endpoints(drafts, name)


def _may_merge(drafts: Drafts, name: str) -> bool:
    return _pair(drafts, name) is not None


SLICE_EDITS: dict[Edit, Possible] = {
    _new: _has_room,
    _delete: _has_slices,
    _again: _has_slices,
    _ports: _has_slices,
    _labels: _has_slices,
    _one_endpoint: _has_endpoints,
    _all_endpoints: _has_endpoints,
    _split: _may_split,
    _merge: _may_merge,
    _back: _is_edited,
}
"""The edits of a Service's slices, each with the condition under which it is possible."""
