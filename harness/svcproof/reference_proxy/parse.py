"""The reading of the API's JSON objects into the values of a State.

Optional fields have the meaning the API documents for their absence: an endpoint without conditions is ready,
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
"""

from svcproof.json_objects import Object
from svcproof.reference_proxy.state import Endpoint, Node, Policy, Service, ServicePort, ServiceProtocol, Slice

DEFAULT_AFFINITY = 10800
ZONE = "topology.kubernetes.io/zone"
SERVICE_NAME = "kubernetes.io/service-name"
HEADLESS = "service.kubernetes.io/headless"
LEAVING = "ToBeDeletedByClusterAutoscaler"


def service(item: Object) -> Service:
    """Read a Service."""
    metadata, spec = item["metadata"], item["spec"]
    kind = spec.get("type", "ClusterIP")
    ingress = (item.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    # With ipMode Proxy packets arrive for a node port, not with the address.
    virtual = (entry["ip"] for entry in ingress if entry.get("ip") and entry.get("ipMode") != "Proxy")
    return Service(
        namespace=metadata["namespace"],
        name=metadata["name"],
        type=kind,
        labels=frozenset(metadata.get("labels") or ()),
        ports=tuple(_port(port, kind) for port in spec.get("ports") or ()),
        cluster_ips=tuple(spec.get("clusterIPs") or filter(None, [spec.get("clusterIP")])),
        external_ips=tuple(spec.get("externalIPs") or ()),
        load_balancer_ips=tuple(virtual) if kind == "LoadBalancer" else (),
        source_ranges=tuple(spec.get("loadBalancerSourceRanges") or ()),
        internal_policy=Policy(spec.get("internalTrafficPolicy") or Policy.CLUSTER),
        external_policy=Policy(spec.get("externalTrafficPolicy") or Policy.CLUSTER),
        affinity=_affinity(spec),
        health_check_port=spec.get("healthCheckNodePort") or 0,
    )


def endpoint_slice(item: Object) -> Slice:
    """Read an EndpointSlice; a port without a number stands for no port in particular and is left out."""
    metadata = item["metadata"]
    labels = metadata.get("labels") or {}
    return Slice(
        service=f"{metadata['namespace']}/{labels.get(SERVICE_NAME, '')}",
        name=metadata["name"],
        address_type=item["addressType"],
        headless=HEADLESS in labels,
        endpoints=tuple(
            (port.get("name") or "", _protocol(port), _endpoint(endpoint, port["port"]))
            for port in item.get("ports") or ()
            if port.get("port")
            for endpoint in item.get("endpoints") or ()
            if endpoint.get("addresses")
        ),
    )


def node(item: Object) -> Node:
    """Read a Node."""
    metadata, spec = item["metadata"], item.get("spec") or {}
    addresses = item.get("status", {}).get("addresses") or ()
    return Node(
        name=metadata["name"],
        zone=(metadata.get("labels") or {}).get(ZONE, ""),
        addresses=tuple(address["address"] for address in addresses if address["type"] == "InternalIP"),
        pod_ranges=tuple(spec.get("podCIDRs") or filter(None, [spec.get("podCIDR")])),
        leaving="deletionTimestamp" in metadata or any(taint["key"] == LEAVING for taint in spec.get("taints") or ()),
    )


def _port(port: Object, kind: str) -> ServicePort:
    return ServicePort(
        name=port.get("name") or "",
        protocol=_protocol(port),
        port=port["port"],
        node_port=(port.get("nodePort") or 0) if kind in ("NodePort", "LoadBalancer") else 0,
    )


def _protocol(port: Object) -> ServiceProtocol:
    return ServiceProtocol(port.get("protocol") or ServiceProtocol.TCP)


def _endpoint(item: Object, port: int) -> Endpoint:
    conditions = item.get("conditions") or {}
    ready = conditions.get("ready") is not False
    serving = conditions.get("serving")
    hints = item.get("hints") or {}
    return Endpoint(
        address=item["addresses"][0],
        port=port,
        ready=ready,
        serving=ready if serving is None else serving,
        terminating=conditions.get("terminating") is True,
        node=item.get("nodeName") or "",
        zones=frozenset(zone["name"] for zone in hints.get("forZones") or ()),
        nodes=frozenset(node["name"] for node in hints.get("forNodes") or ()),
    )


def _affinity(spec: Object) -> int | None:
    if spec.get("sessionAffinity") != "ClientIP":
        return None
    config = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
    return config.get("timeoutSeconds") or DEFAULT_AFFINITY
