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


def hints(draw: Draw) -> Manifest:
    """Draw hints for a zone, or for a node."""
    number = draw(st.integers(1, 3))
    for_nodes = {"forNodes": [{"name": f"${{node-{number}}}"}]} if rarely(draw) else {}
    return {"hints": {"forZones": [{"name": f"${{node-{number}.zone}}"}], **for_nodes}}


def endpoint(draw: Draw, pod: str, *, hinted: bool) -> Manifest:
    """Draw an endpoint at the address of a pod."""
    drawn: Manifest = {"addresses": [f"${{{pod}.address}}"]}
    if not rarely(draw, 12):
        drawn["nodeName"] = f"${{{pod}.node}}"
    if rarely(draw, 2) and (conditions := draw(st.sampled_from(CONDITIONS))):
        drawn["conditions"] = dict(conditions)
    if hinted and not rarely(draw, 6):
        drawn |= hints(draw)
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
    hinted = rarely(draw, 5)
    endpoints = [endpoint(draw, pod, hinted=hinted) for pod in pods]
    labels = {HEADLESS: ""} if rarely(draw, 32) else {}
    drawn_ports = slice_ports(draw, service)
    if rarely(draw, 20):
        address_type, addresses = draw(st.sampled_from(STRANGE))
        strange = [{"addresses": [address]} for address in addresses]
        return endpoint_slice(name, service["metadata"]["name"], drawn_ports, strange, labels, address_type)
    if rarely(draw, 20):
        endpoints.append({"addresses": [draw(st.sampled_from(FOREIGN))]})
    return endpoint_slice(name, service["metadata"]["name"], drawn_ports, endpoints, labels)
