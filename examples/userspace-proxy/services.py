"""From Services and EndpointSlices to frontends: the addresses that a node serves, and the endpoints behind each."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

Object = dict[str, Any]
Key = tuple[str, str, int]
"""An address (or a Service's name), a protocol (tcp or udp) and a port."""


class Node(NamedTuple):
    """The node that the proxy runs on, and the networks of its pods."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()


class Endpoint(NamedTuple):
    """A pod's address and port; `is_local` says that it is on this node."""

    address: str
    port: int
    is_local: bool


class Frontend(NamedTuple):
    """A Service's port at one address: the endpoints for this node and its pods, and those for all other clients."""

    service_port: Key
    inside: tuple[Endpoint, ...]
    outside: tuple[Endpoint, ...]
    affinity: int
    source_ranges: tuple[str, ...]


def is_within(networks: Iterable[str], client: str) -> bool:
    """True if the address is in one of the networks."""
    return any(ip_address(client) in ip_network(network.strip(), strict=False) for network in networks)


def read_node(item: Object) -> Node:
    """Read a Node."""
    addresses = item["status"].get("addresses") or ()
    internal = tuple(address["address"] for address in addresses if address["type"] == "InternalIP")
    return Node(item["metadata"]["name"], internal, tuple(item["spec"].get("podCIDRs") or ()))


def frontends(services: Iterable[Object], slices: Iterable[Object], node: Node) -> dict[Key, Frontend]:
    """List the frontends of a node; an address that two Services claim belongs to the first of the first rank."""
    served = (service for service in services if service["spec"].get("clusterIP", "None") != "None")
    claims = [claim for service in served for claim in _claims(service, slices, node)]
    return {key: frontend for _, key, frontend in sorted(claims, reverse=True)}


def _claims(service: Object, slices: Iterable[Object], node: Node) -> Iterator[tuple[int, Key, Frontend]]:
    spec, name = service["spec"], f"{service['metadata']['namespace']}/{service['metadata']['name']}"
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    affinity = spec.get("sessionAffinityConfig", {}).get("clientIP", {}).get("timeoutSeconds", 0)
    balanced = [entry["ip"] for entry in ingress if entry.get("ip") and entry.get("ipMode") != "Proxy"]
    ranks = (
        (spec.get("clusterIPs") or [spec["clusterIP"]], "port", ()),
        (node.addresses, "nodePort", ()),
        (balanced, "port", tuple(spec.get("loadBalancerSourceRanges") or ())),
        (spec.get("externalIPs") or (), "port", ()),
    )
    for port in (port for port in spec.get("ports") or () if port["protocol"] != "SCTP"):
        protocol, everywhere = port["protocol"].lower(), _endpoints(service, port, slices, node)
        for rank, (addresses, number, ranges) in enumerate(ranks):
            is_local = spec.get("externalTrafficPolicy" if rank else "internalTrafficPolicy") == "Local"
            outside = tuple(endpoint for endpoint in everywhere if endpoint.is_local or not is_local)
            inside = everywhere if rank else outside
            frontend = Frontend((name, protocol, port["port"]), inside, outside, affinity, ranges)
            for address in addresses if port.get(number) else ():
                if ":" not in address:
                    yield rank, (address, protocol, port[number]), frontend


def _endpoints(service: Object, port: Object, slices: Iterable[Object], node: Node) -> tuple[Endpoint, ...]:
    """List the ready endpoints of a Service's port, each once however many slices have it."""
    metadata, port_name = service["metadata"], (port.get("name") or "", port["protocol"])
    endpoints = (
        Endpoint(endpoint["addresses"][0], listed["port"], endpoint.get("nodeName") == node.name)
        for item in slices
        if item["addressType"] == "IPv4" and item["metadata"]["namespace"] == metadata["namespace"]
        if item["metadata"].get("labels", {}).get("kubernetes.io/service-name") == metadata["name"]
        for listed in item.get("ports") or ()
        if (listed.get("name") or "", listed.get("protocol") or "TCP") == port_name and listed.get("port")
        for endpoint in item.get("endpoints") or ()
        if (endpoint.get("conditions") or {}).get("ready") is not False
    )
    return tuple(sorted(set(endpoints)))
