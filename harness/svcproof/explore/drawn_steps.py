"""The drawing of edits: what of the objects may change, each as a step of a scenario that fits what is there then."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import strategies as st

from svcproof.explore import drawn_services, drawn_slices
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.manifests import OTHER_PROXY, SERVICE_NAME, Manifest

Step = Manifest
MOST_SLICES = 3


@dataclass(slots=True)
class Drafts:
    """The objects as they are after the steps drawn so far; those that are gone may be made again."""

    services: dict[str, Manifest] = field(default_factory=dict)
    slices: dict[str, Manifest] = field(default_factory=dict)
    gone: dict[str, Manifest] = field(default_factory=dict)

    def slices_of(self, service: str) -> list[Manifest]:
        """Return the slices of a Service, by name."""
        return [item for _, item in sorted(self.slices.items()) if item["metadata"]["labels"][SERVICE_NAME] == service]


Edit = Callable[[Draw, Drafts, str], Step]


def draw_step(draw: Draw, drafts: Drafts) -> Step:
    """Draw one step, and make the change in the drafts."""
    if not drafts.services or (drafts.gone and draw(st.booleans())):
        return _make_again(draw, drafts)
    name = draw(st.sampled_from(sorted(drafts.services)))
    edits = [edit for edit, is_possible in EDITS.items() if is_possible(drafts, name)]
    edit: Edit = draw(st.sampled_from(edits))
    return edit(draw, drafts, name)


def _patch(drafts: Drafts, name: str, spec: Manifest) -> Step:
    current = drafts.services[name]["spec"]
    for key, value in spec.items():
        current[key] = value
        if value is None:
            del current[key]
    return {"patch": {"kind": "Service", "name": name, "patch": {"spec": spec}}}


def _internal_policy(draw: Draw, drafts: Drafts, name: str) -> Step:
    now = drafts.services[name]["spec"].get("internalTrafficPolicy", "Cluster")
    return _patch(drafts, name, {"internalTrafficPolicy": "Cluster" if now == "Local" else "Local"})


def _external_policy(draw: Draw, drafts: Drafts, name: str) -> Step:
    now = drafts.services[name]["spec"].get("externalTrafficPolicy", "Cluster")
    return _patch(drafts, name, {"externalTrafficPolicy": "Cluster" if now == "Local" else "Local"})


def _affinity(draw: Draw, drafts: Drafts, name: str) -> Step:
    if drafts.services[name]["spec"].get("sessionAffinity", "None") == "ClientIP":
        return _patch(drafts, name, {"sessionAffinity": "None", "sessionAffinityConfig": None})
    config = {"clientIP": {"timeoutSeconds": 600}}
    return _patch(drafts, name, {"sessionAffinity": "ClientIP", "sessionAffinityConfig": config})


def _external_ips(draw: Draw, drafts: Drafts, name: str) -> Step:
    return _patch(drafts, name, {"externalIPs": drawn_services.external_ips(draw)})


def _source_ranges(draw: Draw, drafts: Drafts, name: str) -> Step:
    now = drafts.services[name]["spec"].get("loadBalancerSourceRanges")
    return _patch(drafts, name, {"loadBalancerSourceRanges": [] if now else drawn_services.source_ranges(draw)})


def _ports(draw: Draw, drafts: Drafts, name: str) -> Step:
    return _patch(drafts, name, {"ports": drawn_services.ports(draw)})


def _status(draw: Draw, drafts: Drafts, name: str) -> Step:
    ingress = drawn_services.ingress(draw)
    drafts.services[name]["status"] = {"loadBalancer": {"ingress": ingress}}
    patch = {"status": {"loadBalancer": {"ingress": ingress or None}}}
    return {"patch": {"kind": "Service", "name": name, "patch": patch, "status": True}}


def _type(draw: Draw, drafts: Drafts, name: str) -> Step:
    spec = drafts.services[name]["spec"]
    now = spec["type"]
    new = draw(st.sampled_from([kind for kind in drawn_services.TYPES if kind != now]))
    dropped = [key for key in OF_OTHER_TYPES if key in spec and (new == "ClusterIP" or key in OF_LOAD_BALANCERS)]
    drafts.services[name].pop("status", None)
    return _patch(drafts, name, dict.fromkeys(dropped) | drawn_services.spec_of_type(draw, new))


OF_LOAD_BALANCERS = ("loadBalancerClass", "loadBalancerSourceRanges", "allocateLoadBalancerNodePorts")
OF_OTHER_TYPES = ("externalTrafficPolicy", *OF_LOAD_BALANCERS)


def _service_labels(draw: Draw, drafts: Drafts, name: str) -> Step:
    metadata = drafts.services[name]["metadata"]
    has = OTHER_PROXY in metadata.get("labels", {})
    metadata["labels"] = {} if has else {OTHER_PROXY: "somebody"}
    labels = {OTHER_PROXY: None if has else "somebody"}
    return {"patch": {"kind": "Service", "name": name, "patch": {"metadata": {"labels": labels}}}}


def _new_slice(draw: Draw, drafts: Drafts, name: str) -> Step:
    taken = {item["metadata"]["name"] for item in drafts.slices_of(name)}
    free = next(free for number in range(1, MOST_SLICES + 1) if (free := f"{name}-{number}") not in taken)
    return _apply_slice(drafts, drawn_slices.draw_slice(draw, free, drafts.services[name]))


def _slice_again(draw: Draw, drafts: Drafts, name: str) -> Step:
    chosen = draw(st.sampled_from(drafts.slices_of(name)))
    return _apply_slice(drafts, drawn_slices.draw_slice(draw, chosen["metadata"]["name"], drafts.services[name]))


def _one_endpoint(draw: Draw, drafts: Drafts, name: str) -> Step:
    """Edit one endpoint of a slice, or leave it out."""
    changed = deepcopy(draw(st.sampled_from([item for item in drafts.slices_of(name) if item["endpoints"]])))
    index = draw(st.integers(0, len(changed["endpoints"]) - 1))
    if rarely(draw, 3):
        del changed["endpoints"][index]
    else:
        changed["endpoints"][index]["conditions"] = dict(draw(st.sampled_from(drawn_slices.CONDITIONS[2:])))
    return _apply_slice(drafts, changed)


def _apply_slice(drafts: Drafts, manifest: Manifest) -> Step:
    drafts.slices[manifest["metadata"]["name"]] = manifest
    return {"apply": deepcopy(manifest)}


def _delete_slice(draw: Draw, drafts: Drafts, name: str) -> Step:
    chosen = draw(st.sampled_from([item["metadata"]["name"] for item in drafts.slices_of(name)]))
    del drafts.slices[chosen]
    return {"delete": {"kind": "EndpointSlice", "name": chosen}}


def _delete_service(draw: Draw, drafts: Drafts, name: str) -> Step:
    drafts.gone[name] = drafts.services.pop(name)
    return {"delete": {"kind": "Service", "name": name}}


def _make_again(draw: Draw, drafts: Drafts) -> Step:
    """Make a Service again that was deleted: with the same name, as it was or otherwise."""
    name = draw(st.sampled_from(sorted(drafts.gone)))
    before = drafts.gone.pop(name)
    drafts.services[name] = deepcopy(before) if draw(st.booleans()) else drawn_services.draw_service(draw, name)
    return {"apply": deepcopy(drafts.services[name])}


def _always(drafts: Drafts, name: str) -> bool:
    return True


def _is_external(drafts: Drafts, name: str) -> bool:
    return bool(drafts.services[name]["spec"]["type"] != "ClusterIP")


def _is_balanced(drafts: Drafts, name: str) -> bool:
    return bool(drafts.services[name]["spec"]["type"] == "LoadBalancer")


def _has_slices(drafts: Drafts, name: str) -> bool:
    return bool(drafts.slices_of(name))


def _has_endpoints(drafts: Drafts, name: str) -> bool:
    return any(item["endpoints"] for item in drafts.slices_of(name))


def _has_room(drafts: Drafts, name: str) -> bool:
    return len(drafts.slices_of(name)) < MOST_SLICES


EDITS: dict[Edit, Callable[[Drafts, str], bool]] = {
    _delete_service: _always,
    _internal_policy: _always,
    _affinity: _always,
    _external_ips: _always,
    _ports: _always,
    _type: _always,
    _service_labels: _always,
    _external_policy: _is_external,
    _status: _is_balanced,
    _source_ranges: _is_balanced,
    _new_slice: _has_room,
    _delete_slice: _has_slices,
    _slice_again: _has_slices,
    _one_endpoint: _has_endpoints,
}
"""The edits of what a Service is made of, each with the condition under which it is possible.

Those that are possible more often come first, so that they stay the same draw when a scenario is made smaller.
"""
