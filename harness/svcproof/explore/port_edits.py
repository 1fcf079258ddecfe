"""The drawing of edits of one port of a Service, which its slices follow, or do not."""

from copy import deepcopy

from hypothesis import strategies as st

from svcproof.explore import drawn_services as services
from svcproof.explore.drafts import Drafts, Edit, Possible, Step, has
from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.drawn_slices import SERVED
from svcproof.explore.manifests import Manifest


def _rename(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    ports, index = _chosen(draw, drafts, name)
    ports[index]["name"] = draw(st.sampled_from([word for word in ("web", "dns") if word not in _names(ports)]))
    return _changed(draw, drafts, name, ports, index)


def _renumber(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    ports, index = _chosen(draw, drafts, name)
    taken = {port["port"] for port in ports}
    ports[index]["port"] = draw(st.sampled_from([number for number in (82, *services.NUMBERS) if number not in taken]))
    return _changed(draw, drafts, name, ports, index)


def _other_protocol(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    ports, index = _chosen(draw, drafts, name)
    new = "UDP" if ports[index]["protocol"] == "TCP" else "TCP"
    if (ports[index]["port"], new) in {(port["port"], port["protocol"]) for port in ports}:
        new = ports[index]["protocol"]
    ports[index]["protocol"] = new
    if "targetPort" in ports[index]:
        ports[index]["targetPort"] = SERVED[new][0]
    return _changed(draw, drafts, name, ports, index)


def _swap(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Have two ports of one protocol exchange their numbers."""
    ports = deepcopy(drafts.services[name]["spec"]["ports"])
    first, second = _alike(ports)
    first["port"], second["port"] = second["port"], first["port"]
    return [drafts.patch_spec(name, {"ports": ports})]


def _alike(ports: list[Manifest]) -> list[Manifest]:
    """Return two ports of one protocol; none where no two are."""
    for protocol in SERVED:
        if len(alike := [port for port in ports if port["protocol"] == protocol]) > 1:
            return alike[:2]
    return []


def _one_less(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    ports, index = _chosen(draw, drafts, name)
    del ports[index]
    return [drafts.patch_spec(name, {"ports": ports})]


def _target(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    """Edit the port of the pods, which the controller writes into the slices."""
    ports, index = _chosen(draw, drafts, name)
    ports[index]["targetPort"] = draw(st.sampled_from(services.targets_of(ports[index]["protocol"])))
    return [drafts.patch_spec(name, {"ports": ports})]


def _node_port(draw: Draw, drafts: Drafts, name: str) -> list[Step]:
    ports, index = _chosen(draw, drafts, name)
    ports[index]["nodePort"] = services.node_port(draw)
    return [drafts.patch_spec(name, {"ports": ports})]


def _chosen(draw: Draw, drafts: Drafts, name: str) -> tuple[list[Manifest], int]:
    ports = deepcopy(drafts.services[name]["spec"]["ports"])
    return ports, draw(st.integers(0, len(ports) - 1))


def _changed(draw: Draw, drafts: Drafts, name: str, ports: list[Manifest], index: int) -> list[Step]:
    """Return the edit of the Service and, mostly, of its slices, which have this port by its old name and protocol."""
    old, new = drafts.services[name]["spec"]["ports"][index], ports[index]
    steps = [drafts.patch_spec(name, {"ports": ports})]
    if rarely(draw, 5) or (old.get("name"), old["protocol"]) == (new.get("name"), new["protocol"]):
        return steps
    for manifest in drafts.slices_of(name):
        changed = deepcopy(manifest)
        for port in changed["ports"]:
            if (port.get("name"), port["protocol"]) == (old.get("name"), old["protocol"]):
                port.update({key: new[key] for key in ("name", "protocol") if key in new})
                if port.get("port") not in SERVED[port["protocol"]]:
                    port["port"] = SERVED[port["protocol"]][0]
        if changed != manifest:
            steps.append(drafts.apply_slice(changed))
    return steps


def _names(ports: list[Manifest]) -> set[str]:
    return {port.get("name", "") for port in ports}


def _has_known_ports(drafts: Drafts, name: str) -> bool:
    return all(port["protocol"] in SERVED for port in drafts.services[name]["spec"]["ports"])


def _may_swap(drafts: Drafts, name: str) -> bool:
    return bool(_alike(drafts.services[name]["spec"]["ports"]))


def _has_several(drafts: Drafts, name: str) -> bool:
    return len(drafts.services[name]["spec"]["ports"]) > 1


def _has_target(drafts: Drafts, name: str) -> bool:
    return "selector" in drafts.services[name]["spec"] and _has_known_ports(drafts, name)


PORT_EDITS: dict[Edit, Possible] = {
    _rename: _has_known_ports,
    _renumber: _has_known_ports,
    _other_protocol: _has_known_ports,
    _one_less: _has_several,
    _swap: _may_swap,
    _node_port: has("type", "NodePort"),
    _target: _has_target,
}
"""The edits of one port of a Service, each with its weight, 0 where it is not possible."""
