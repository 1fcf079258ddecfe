"""The drawing of EndpointSlices made by hand: endpoints on any node, in any state, with and without hints."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from svcproof.explore.drawn_services import Draw, rarely
from svcproof.explore.manifests import HEADLESS, Manifest, endpoint_slice
from svcproof.model.scenario import SAMPLE_PODS

SERVED = {"TCP": (8080, 8081, 9376), "UDP": (8080, 8081, 5353)}
"""The ports on which the sample pods answer."""
NOBODYS = 9
"""A port on which no pod answers."""
STRANGE = (("IPv6", ("2001:db8::1", "2001:db8::2")), ("FQDN", ("example.com",)))
"""Slices that no IPv4 Service is served by: their addressType, and addresses."""
FOREIGN = ("${nobody}", "${outside-1.address}", "${node-2.address}")
"""Addresses of endpoints at which no pod is."""
CONDITIONS: Sequence[dict[str, Any]] = (
    {},
    {"ready": True},
    {"ready": True, "serving": True, "terminating": False},
    {"ready": False},
    {"ready": False, "serving": True, "terminating": True},
    {"ready": False, "serving": False, "terminating": True},
    {"ready": False, "serving": True, "terminating": False},
    {"ready": False, "serving": False, "terminating": False},
    {"serving": True},
    {"terminating": True},
    {"ready": True, "serving": True, "terminating": True},
)


def slice_ports(draw: Draw, service: Manifest) -> list[Manifest]:
    """Draw the ports of a slice: those of the Service, each at a number of its own; seldom it lacks one."""
    ports = []
    for port in service["spec"].get("ports", ()):
        if rarely(draw, 12):
            continue
        numbers = (*SERVED.get(port["protocol"], ()), *([NOBODYS] if rarely(draw, 8) else [])) or (NOBODYS,)
        name = {"name": port["name"]} if "name" in port else {}
        ports.append({**name, "protocol": port["protocol"], "port": draw(st.sampled_from(numbers))})
    return ports


def hints(draw: Draw, *, for_nodes: bool = False) -> Manifest:
    """Draw hints for a zone, and for a node, of that zone or another."""
    node = {"forNodes": [{"name": f"${{node-{draw(st.integers(1, 3))}}}"}]} if for_nodes else {}
    return {"hints": {"forZones": [{"name": f"${{node-{draw(st.integers(1, 3))}.zone}}"}], **node}}


def _is_hinted(draw: Draw, service: Manifest, others: Sequence[Manifest]) -> bool:
    """True if a slice is to have hints: mostly if others of the Service have, since they count if all endpoints do."""
    if any(has_hints(manifest) for manifest in others):
        return not rarely(draw, 6)
    return not others and rarely(draw, 2 if "trafficDistribution" in service["spec"] else 4)


def has_hints(manifest: Manifest) -> bool:
    """True if some endpoint of a slice is hinted."""
    return any("hints" in endpoint for endpoint in manifest["endpoints"])


def node_of(endpoint: Manifest) -> dict[str, str]:
    """The nodeName of an endpoint that is a sample pod; nothing for any other."""
    nodes = {f"${{{pod}.address}}": f"${{{pod}.node}}" for pod in SAMPLE_PODS}
    address = endpoint["addresses"][0]
    return {"nodeName": nodes[address]} if address in nodes else {}


def endpoint(draw: Draw, pod: str, *, hinted: bool = False, for_nodes: bool = False) -> Manifest:
    """Draw an endpoint at the address of a pod."""
    drawn: Manifest = {"addresses": [f"${{{pod}.address}}"]}
    if not rarely(draw, 12):
        drawn |= node_of(drawn)
    if rarely(draw, 2) and (conditions := draw(st.sampled_from(CONDITIONS))):
        drawn["conditions"] = dict(conditions)
    if hinted and not rarely(draw, 12):
        drawn |= hints(draw, for_nodes=for_nodes)
    if rarely(draw, 24):
        drawn["hostname"] = "same"
    return drawn


def _free_pods(draw: Draw, name: str, others: Sequence[Manifest]) -> Sequence[str]:
    """The pods that no other slice of the Service lists; all where there are none, and seldom besides."""
    listed = {
        address
        for manifest in others
        if manifest["metadata"]["name"] != name
        for each in manifest["endpoints"]
        for address in each["addresses"]
    }
    free = [pod for pod in SAMPLE_PODS if f"${{{pod}.address}}" not in listed]
    return SAMPLE_PODS if rarely(draw, 8) or not free else free


def draw_slice(draw: Draw, name: str, service: Manifest, others: Sequence[Manifest] = ()) -> Manifest:
    """Draw an EndpointSlice of a Service.

    Seldom it lists an endpoint that others do: where they disagree little is promised.
    """
    pods = draw(st.lists(st.sampled_from(_free_pods(draw, name, others)), max_size=4, unique=not rarely(draw, 24)))
    hinted = _is_hinted(draw, service, [item for item in others if item["metadata"]["name"] != name])
    for_nodes = hinted and rarely(draw, 3)
    endpoints = [endpoint(draw, pod, hinted=hinted, for_nodes=for_nodes) for pod in pods]
    labels = {HEADLESS: ""} if rarely(draw, 32) else {}
    drawn_ports = slice_ports(draw, service)
    if rarely(draw, 20):
        address_type, addresses = draw(st.sampled_from(STRANGE))
        strange = [{"addresses": [address]} for address in addresses]
        return endpoint_slice(name, service["metadata"]["name"], drawn_ports, strange, labels, address_type)
    if rarely(draw, 20):
        endpoints.append({"addresses": [draw(st.sampled_from(FOREIGN))]})
    return endpoint_slice(name, service["metadata"]["name"], drawn_ports, endpoints, labels)
