"""The drawing of edits of the EndpointSlices of a Service: their endpoints, ports, labels, and their number."""

from copy import deepcopy

from hypothesis import strategies as st

from svcproof.explore import drawn_slices as slices
from svcproof.explore.drafts import MOST_SLICES, Drafts, Edit, Possible, Step
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.manifests import HEADLESS, MANAGED_BY, SERVICE_NAME, Manifest
from svcproof.model.scenario import SAMPLE_PODS


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


def _conditions(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Give one endpoint other conditions."""
    return _edit_one(draw, drafts, name, {"conditions": dict(draw(st.sampled_from(slices.CONDITIONS[2:])))})


def _node(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Take the nodeName of one endpoint, or give it back.

    A node that the pod is not on would be legal, too; but what is sent there may come back by another way, and is lost.
    """
    changed = _with_endpoints(draw, drafts, name)
    endpoint = changed["endpoints"][draw(st.integers(0, len(changed["endpoints"]) - 1))]
    if not endpoint.pop("nodeName", ""):
        endpoint.update(slices.node_of(endpoint))
    return [drafts.apply_slice(changed)]


def _hints(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Hint one endpoint for another zone, or node."""
    return _edit_one(draw, drafts, name, slices.hints(draw, for_nodes=rarely(draw)))


def _leaves(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Leave one endpoint out."""
    changed = _with_endpoints(draw, drafts, name)
    del changed["endpoints"][draw(st.integers(0, len(changed["endpoints"]) - 1))]
    return [drafts.apply_slice(changed)]


def _joins(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Have one more endpoint in a slice, or in place of another."""
    changed = deepcopy(draw(st.sampled_from(_with_room(drafts, name))))
    known = {address for each in changed["endpoints"] for address in each["addresses"]}
    pod = draw(st.sampled_from([pod for pod in SAMPLE_PODS if f"${{{pod}.address}}" not in known]))
    if changed["endpoints"] and rarely(draw):
        del changed["endpoints"][draw(st.integers(0, len(changed["endpoints"]) - 1))]
    changed["endpoints"].append(slices.endpoint(draw, pod, hinted=slices.has_hints(changed)))
    return [drafts.apply_slice(changed)]


def _edit_one(draw: Draw, drafts: Drafts, name: str, fields: Manifest) -> list[Step]:
    """Give one endpoint these fields."""
    changed = _with_endpoints(draw, drafts, name)
    endpoint = changed["endpoints"][draw(st.integers(0, len(changed["endpoints"]) - 1))]
    endpoint.update(fields)
    return [drafts.apply_slice(changed)]


def _all_endpoints(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Give all endpoints of a slice the same conditions, hints, or end."""
    changed = _with_endpoints(draw, drafts, name)
    how = draw(st.sampled_from(("conditions", "hints", "no endpoints", "no hints")))
    conditions = draw(st.sampled_from(slices.CONDITIONS[2:]))
    for_nodes = how == "hints" and rarely(draw)
    for endpoint in changed["endpoints"]:
        if how == "conditions":
            endpoint["conditions"] = dict(conditions)
        elif how == "hints":
            endpoint |= slices.hints(draw, for_nodes=for_nodes)
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


def _moves(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Make a slice anew for another Service: kube-proxy does not follow an edit of its label."""
    manifest = deepcopy(_chosen(draw, drafts, name))
    manifest["metadata"]["labels"][SERVICE_NAME] = draw(
        st.sampled_from([service for service in sorted(drafts.services) if service != name])
    )
    return [drafts.delete_slice(manifest["metadata"]["name"]), drafts.apply_slice(manifest)]


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


def _may_split(drafts: Drafts, name: str) -> bool:
    return _has_room(drafts, name) and _has_endpoints(drafts, name)


def _may_merge(drafts: Drafts, name: str) -> bool:
    return _pair(drafts, name) is not None


def _may_join(drafts: Drafts, name: str) -> bool:
    return bool(_with_room(drafts, name))


def _with_room(drafts: Drafts, name: str) -> list[Manifest]:
    """Return the slices of pods that do not list all of them."""
    several = (item for item in drafts.slices_of(name) if item["addressType"] == "IPv4")
    return [item for item in several if len(item["endpoints"]) < len(SAMPLE_PODS)]


def _may_move(drafts: Drafts, name: str) -> bool:
    return len(drafts.services) > 1 and _has_slices(drafts, name)


def _hints_weight(drafts: Drafts, name: str) -> int:
    return 1 + 2 * any(map(slices.has_hints, drafts.slices_of(name))) if _has_endpoints(drafts, name) else 0


def _node_weight(drafts: Drafts, name: str) -> int:
    """The nodes of endpoints matter most to Services that are served by those of a node alone."""
    spec = drafts.services[name]["spec"]
    is_local = "Local" in (spec.get("internalTrafficPolicy"), spec.get("externalTrafficPolicy"))
    return (1 + is_local) * _has_endpoints(drafts, name)


SLICE_EDITS: dict[Edit, Possible] = {
    _new: _has_room,
    _delete: _has_slices,
    _again: _has_slices,
    _ports: _has_slices,
    _labels: _has_slices,
    _conditions: _has_endpoints,
    _leaves: _has_endpoints,
    _joins: _may_join,
    _node: _node_weight,
    _hints: _hints_weight,
    _moves: _may_move,
    _all_endpoints: _has_endpoints,
    _split: _may_split,
    _merge: _may_merge,
}
"""The edits of a Service's slices, each with its weight, 0 where it is not possible."""
