"""The reading of the API's JSON objects into a World; what an object leaves out reads as the API says it does."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.model.probe import Protocol
from svcproof.promise.world import (
    Claims,
    Endpoint,
    Ingress,
    Listener,
    Node,
    Policy,
    Port,
    Service,
    Slice,
    SlicePort,
    World,
)

DEFAULT_AFFINITY = 10800
ZONE = "topology.kubernetes.io/zone"
SERVICE_NAME = "kubernetes.io/service-name"
LEAVING = "ToBeDeletedByClusterAutoscaler"
HAS_ADDRESS = ("InternalIP", "ExternalIP")


def world_of(
    services: Iterable[Object],
    slices: Iterable[Object],
    nodes: Iterable[Object],
    listeners: Iterable[Listener] = (),
    claims: Claims | None = None,
    entries: Mapping[str, frozenset[str]] | None = None,
) -> World:
    """Read objects, as the API gives them, into a world."""
    return World(
        nodes=tuple(map(node, nodes)),
        services=tuple(map(service, services)),
        slices=tuple(map(endpoint_slice, slices)),
        listeners=tuple(listeners),
        entries=dict(entries or {}),
        claims=claims or Claims(),
    )


def service(item: Object) -> Service:
    """Read a Service."""
    metadata, spec = item["metadata"], item.get("spec") or {}
    ingress = ((item.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return Service(
        namespace=metadata["namespace"],
        name=metadata["name"],
        type=spec.get("type") or "ClusterIP",
        labels=metadata.get("labels") or {},
        ports=tuple(map(_port, spec.get("ports") or ())),
        cluster_ips=_addresses(spec.get("clusterIPs") or filter(None, [spec.get("clusterIP")])),
        families=tuple(spec.get("ipFamilies") or ()),
        external_ips=_addresses(spec.get("externalIPs") or ()),
        ingress=tuple(map(_ingress, (entry for entry in ingress if entry.get("ip")))),
        source_ranges=tuple(spec.get("loadBalancerSourceRanges") or ()),
        internal_policy=Policy(spec.get("internalTrafficPolicy") or Policy.CLUSTER),
        external_policy=Policy(spec.get("externalTrafficPolicy") or Policy.CLUSTER),
        affinity_seconds=_affinity(spec),
        health_check_node_port=spec.get("healthCheckNodePort") or 0,
        distribution=spec.get("trafficDistribution") or "",
    )


def endpoint_slice(item: Object) -> Slice:
    """Read an EndpointSlice."""
    metadata = item["metadata"]
    labels = metadata.get("labels") or {}
    return Slice(
        namespace=metadata["namespace"],
        name=metadata["name"],
        service=labels.get(SERVICE_NAME, ""),
        address_type=item["addressType"],
        labels=labels,
        ports=tuple(map(_slice_port, item.get("ports") or ())),
        endpoints=tuple(map(_endpoint, item.get("endpoints") or ())),
    )


def node(item: Object) -> Node:
    """Read a Node."""
    metadata, spec = item["metadata"], item.get("spec") or {}
    addresses = (item.get("status") or {}).get("addresses") or ()
    return Node(
        name=metadata["name"],
        zone=(metadata.get("labels") or {}).get(ZONE, ""),
        addresses=_addresses(address["address"] for address in addresses if address["type"] in HAS_ADDRESS),
        pod_ranges=tuple(spec.get("podCIDRs") or filter(None, [spec.get("podCIDR")])),
        leaving="deletionTimestamp" in metadata or any(taint["key"] == LEAVING for taint in spec.get("taints") or ()),
    )


def _addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """Write addresses in the one way in which they are compared; other texts, such as None and names, stay."""
    return tuple(map(_address, texts))


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return text


def _ingress(entry: Object) -> Ingress:
    return Ingress(address=_address(entry["ip"]), vip=entry.get("ipMode") != "Proxy")


def _port(port: Object) -> Port:
    return Port(
        name=port.get("name") or "",
        protocol=_protocol(port),
        port=port["port"],
        node_port=port.get("nodePort") or 0,
    )


def _slice_port(port: Object) -> SlicePort:
    return SlicePort(name=port.get("name") or "", protocol=_protocol(port), port=port.get("port") or 0)


def _protocol(port: Object) -> Protocol:
    return Protocol((port.get("protocol") or "TCP").lower())


def _endpoint(item: Object) -> Endpoint:
    conditions = item.get("conditions") or {}
    ready = conditions.get("ready") is not False
    serving = conditions.get("serving")
    hints = item.get("hints") or {}
    return Endpoint(
        addresses=_addresses(item.get("addresses") or ()),
        ready=ready,
        serving=ready if serving is None else serving,
        terminating=conditions.get("terminating") is True,
        node=item.get("nodeName") or "",
        zone=item.get("zone") or "",
        zones=frozenset(zone["name"] for zone in hints.get("forZones") or ()),
        nodes=frozenset(hinted["name"] for hinted in hints.get("forNodes") or ()),
    )


def _affinity(spec: Object) -> int:
    if spec.get("sessionAffinity") != "ClientIP":
        return 0
    config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    return int(config.get("timeoutSeconds") or DEFAULT_AFFINITY)
