"""What a Service wants of a load balancer, read as MetalLB reads it: https://metallb.io/usage/."""

import json
from dataclasses import dataclass
from ipaddress import ip_address

from svcproof.json_objects import Object
from svcproof.lab.faults import load_balancer as fault

PREFIXES = ("metallb.io", "metallb.universe.tf")
"""Of the annotations: today's, and the one from before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One address per family is wanted: these ones if `requested` is not empty.

    Services may have one address together if their `sharing` is the same and not empty, their ports differ, and
    `backend` is the same: empty under externalTrafficPolicy Cluster, else the selector.
    """

    families: tuple[int, ...]
    requested: tuple[str, ...]
    sharing: str
    ports: frozenset[tuple[str, int]]
    backend: str


def is_ours(service: Object, faults: frozenset[str]) -> bool:
    """Whether this load balancer is to serve the Service: no other one is named, and it has its ClusterIP."""
    spec = service["spec"]
    others = spec.get("loadBalancerClass") and fault.CLASS_OF_OTHERS_CLAIMED.name not in faults
    return spec.get("type") == "LoadBalancer" and not others and bool(spec.get("clusterIP"))


def wish(service: Object, faults: frozenset[str]) -> Wish:
    """Read what a Service wants."""
    spec = service["spec"]
    requested = annotation(service, "loadBalancerIPs") or spec.get("loadBalancerIP") or ""
    if fault.REQUEST_IGNORED.name in faults:
        requested = ""
    local = spec.get("externalTrafficPolicy") == "Local"
    return Wish(
        families=tuple(ip_address(one).version for one in spec.get("clusterIPs") or [spec["clusterIP"]]),
        requested=tuple(one.strip() for one in requested.split(",") if one.strip()),
        sharing=annotation(service, "allow-shared-ip") if fault.SHARING_REFUSED.name not in faults else "",
        ports=frozenset((one.get("protocol", "TCP"), one["port"]) for one in spec.get("ports") or ()),
        backend=json.dumps(spec.get("selector"), sort_keys=True) if local else "",
    )


def assigned(service: Object) -> tuple[str, ...]:
    """The addresses in its status."""
    ingress = (service.get("status", {}).get("loadBalancer") or {}).get("ingress") or ()
    return tuple(one["ip"] for one in ingress if one.get("ip"))


def annotation(service: Object, name: str) -> str:
    """The value of an annotation under either prefix; empty where there is none."""
    annotations = service["metadata"].get("annotations") or {}
    return next((annotations[f"{prefix}/{name}"] for prefix in PREFIXES if f"{prefix}/{name}" in annotations), "")
