"""From Services and EndpointSlices to frontends: the addresses that a node serves, and the endpoints behind each."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, collapse_addresses, ip_address, ip_network
from typing import NamedTuple

from watch import Object

Key = tuple[str, str, int]
"""An address (or a Service's name), a protocol (tcp or udp) and a port."""
Endpoint = tuple[str, int]


class Node(NamedTuple):
    """The node that the proxy runs on, and the ranges of its pods."""

    name: str = ""
    zone: str = ""
    addresses: tuple[str, ...] = ()
    pods: tuple[str, ...] = ()

    def has_pod(self, client: str) -> bool:
        """True if the address is of one of its pods."""
        return any(ip_address(client) in ip_network(pods) for pods in self.pods)


class Frontend(NamedTuple):
    """A Service's port at one address: `everywhere` are the endpoints it may lead to, `here` those on this node."""

    port: Key
    internal: bool
    only_local: bool
    everywhere: tuple[Endpoint, ...]
    here: tuple[Endpoint, ...]
    affinity: int
    sources: tuple[str, ...]

    def endpoints(self, node: Node, client: str) -> tuple[Endpoint, ...]:
        """Endpoints for a client; an external policy does not apply to the node and its pods."""
        inside = client in node.addresses or node.has_pod(client)
        return self.here if self.only_local and (self.internal or not inside) else self.everywhere


class Listed(NamedTuple):
    """An endpoint of one port, as an EndpointSlice lists it; `hints` are names of zones and of nodes."""

    at: Endpoint
    node: str
    ready: bool
    draining: bool
    hints: dict[str, set[str]]


def read_node(item: Object) -> Node:
    """Read a Node."""
    metadata, addresses = item["metadata"], item["status"].get("addresses") or ()
    zone = metadata.get("labels", {}).get("topology.kubernetes.io/zone", "")
    internal = (address["address"] for address in addresses if address["type"] == "InternalIP")
    return Node(metadata["name"], zone, _ipv4(internal), _ipv4(item["spec"].get("podCIDRs") or ()))


def frontends(services: Iterable[Object], slices: Iterable[Object], node: Node) -> dict[Key, Frontend]:
    """List the frontends of a node; an address that two Services claim belongs to the first of the first rank."""
    claims = [claim for service in services if _is_served(service) for claim in _claims(service, slices, node)]
    return {key: frontend for _, key, frontend in sorted(claims, reverse=True)}


def health_checks(services: Iterable[Object], slices: Iterable[Object], node: Node) -> dict[int, int]:
    """Count, for each healthCheckNodePort, the ready endpoints on the node."""
    ports = {port: service for service in services if (port := service["spec"].get("healthCheckNodePort"))}
    return {
        port: len({end.at[0] for _, end in _listed(service, slices) if end.ready and end.node == node.name})
        for port, service in ports.items()
    }


def _is_served(service: Object) -> bool:
    spec, labels = service["spec"], service["metadata"].get("labels") or {}
    mine = "service.kubernetes.io/service-proxy-name" not in labels
    return mine and spec["type"] != "ExternalName" and spec.get("clusterIP", "None") != "None"


def _claims(service: Object, slices: Iterable[Object], node: Node) -> Iterator[tuple[int, Key, Frontend]]:
    spec, name = service["spec"], f"{service['metadata']['namespace']}/{service['metadata']['name']}"
    ingress = service.get("status", {}).get("loadBalancer", {}).get("ingress") or ()
    balanced = [entry["ip"] for entry in ingress if entry.get("ip") and entry.get("ipMode") != "Proxy"]
    timeout = spec.get("sessionAffinityConfig", {}).get("clientIP", {}).get("timeoutSeconds", 10800)
    affinity = timeout if spec.get("sessionAffinity") == "ClientIP" else 0
    networks = (IPv4Network(text.strip(), strict=False) for text in _ipv4(spec.get("loadBalancerSourceRanges") or ()))
    ranges, listed = tuple(map(str, collapse_addresses(networks))), tuple(_listed(service, slices))
    for port in spec.get("ports") or ():
        key = port.get("name", ""), port["protocol"].lower()
        ends = [end for owner, end in listed if owner == key]
        everywhere = _at(_hinted(_willing(ends), node))
        here = _at(_willing([end for end in ends if end.node == node.name]))
        places = (
            (spec.get("clusterIPs") or [spec["clusterIP"]], port["port"], ()),
            (node.addresses if port.get("nodePort") else (), port.get("nodePort"), ()),
            (balanced if spec["type"] == "LoadBalancer" else (), port["port"], ranges),
            (spec.get("externalIPs") or (), port["port"], ()),
        )
        for rank, (addresses, number, sources) in enumerate(places if key[1] != "sctp" else ()):
            local = spec.get("externalTrafficPolicy" if rank else "internalTrafficPolicy") == "Local"
            port_name = (name, key[1], port["port"])
            frontend = Frontend(port_name, rank == 0, local, everywhere, here, affinity, sources)
            yield from ((rank, (address, key[1], number), frontend) for address in _ipv4(addresses))


def _listed(service: Object, slices: Iterable[Object]) -> Iterator[tuple[tuple[str, str], Listed]]:
    """Yield the endpoints of a Service by the name and protocol of their port."""
    for item in slices:
        metadata, labels = item["metadata"], item["metadata"].get("labels") or {}
        owner = metadata["namespace"], labels.get("kubernetes.io/service-name")
        mine = owner == (service["metadata"]["namespace"], service["metadata"]["name"])
        if mine and item["addressType"] == "IPv4" and "service.kubernetes.io/headless" not in labels:
            for port in item.get("ports") or ():
                key = port.get("name") or "", (port.get("protocol") or "TCP").lower()
                ends = item.get("endpoints") or () if port.get("port") else ()
                yield from ((key, _endpoint(end, port["port"])) for end in ends)


def _endpoint(item: Object, port: int) -> Listed:
    conditions, hints = item.get("conditions") or {}, item.get("hints") or {}
    ready = conditions.get("ready") is not False
    draining = bool(conditions.get("serving") and conditions.get("terminating"))
    names = {kind: {hint["name"] for hint in hints.get(kind) or ()} for kind in ("forNodes", "forZones")}
    return Listed((item["addresses"][0], port), item.get("nodeName") or "", ready, draining, names)


def _willing(ends: list[Listed]) -> list[Listed]:
    """The ready endpoints, or where there are none those that end but still serve."""
    return [end for end in ends if end.ready] or [end for end in ends if end.draining]


def _at(ends: list[Listed]) -> tuple[Endpoint, ...]:
    """Each address and port once, however many slices list it."""
    return tuple(sorted({end.at for end in ends}))


def _hinted(ends: list[Listed], node: Node) -> list[Listed]:
    """Endpoints for the node, else for its zone, else all; hints are heeded only where every endpoint has one."""
    for kind, name in (("forNodes", node.name), ("forZones", node.zone)):
        near = [end for end in ends if name in end.hints[kind]]
        if near and all(end.hints[kind] for end in ends):
            return near
    return ends


def _ipv4(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for address in addresses if ":" not in address))
