"""The request of a Service for addresses, read as MetalLB reads it: https://metallb.io/usage/."""

import json
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.json_objects import Object

PREFIXES = ("metallb.io", "metallb.universe.tf")
"""Of the annotations: today's, and the one from before."""


@dataclass(frozen=True, slots=True)
class AddressRequest:
    """A request for one address per family: for these ones if `requested` is not empty.

    Services may have one address together if their `sharing` is the same and not empty, their ports differ, and
    `backend` is the same: empty under externalTrafficPolicy Cluster, else the selector.
    """

    families: tuple[int, ...]
    requested: tuple[str, ...]
    sharing: str
    ports: frozenset[tuple[str, int]]
    backend: str


def is_ours(service: Object) -> bool:
    """True if this load balancer is to serve the Service: no other one is named, and it has its ClusterIP."""
    spec = service["spec"]
    return spec.get("type") == "LoadBalancer" and not spec.get("loadBalancerClass") and bool(spec.get("clusterIP"))


def address_request(service: Object) -> AddressRequest:
    """Read what a Service asks for."""
    spec = service["spec"]
    requested = annotation(service, "loadBalancerIPs") or spec.get("loadBalancerIP") or ""
    local = spec.get("externalTrafficPolicy") == "Local"
    return AddressRequest(
        families=tuple(ip_address(address).version for address in spec.get("clusterIPs") or [spec["clusterIP"]]),
        requested=tuple(address.strip() for address in requested.split(",") if address.strip()),
        sharing=annotation(service, "allow-shared-ip"),
        ports=frozenset((port.get("protocol", "TCP"), port["port"]) for port in spec.get("ports") or ()),
        backend=json.dumps(spec.get("selector"), sort_keys=True) if local else "",
    )


def assigned(service: Object) -> tuple[str, ...]:
    """The addresses in its status."""
    ingress = (service.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    return tuple(entry["ip"] for entry in ingress if entry.get("ip"))


def annotation(service: Object, name: str) -> str:
    """The value of an annotation under either prefix; empty where there is none."""
    annotations = service["metadata"].get("annotations") or {}
    return next((annotations[f"{prefix}/{name}"] for prefix in PREFIXES if f"{prefix}/{name}" in annotations), "")
