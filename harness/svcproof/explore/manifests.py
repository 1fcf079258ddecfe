"""Manifests of what is drawn, in the form of scenarios: pure functions of a few plain values."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

Manifest = dict[str, Any]
SERVICE_NAME = "kubernetes.io/service-name"
HEADLESS = "service.kubernetes.io/headless"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
OTHER_PROXY = "service.kubernetes.io/service-proxy-name"
BY_HAND = "svcproof.dev/by-hand"
"""A loadBalancerClass that no load balancer has, so that the status of a Service is what the scenario writes."""


def service(name: str, spec: Mapping[str, Any], labels: Mapping[str, str], ingress: Sequence[Manifest]) -> Manifest:
    """Return a Service, with a status where there is an ingress."""
    metadata: Manifest = {"name": name, **({"labels": dict(labels)} if labels else {})}
    status = {"status": {"loadBalancer": {"ingress": list(ingress)}}} if ingress else {}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": dict(spec), **status}


def endpoint_slice(
    name: str,
    of: str,
    ports: Sequence[Manifest],
    endpoints: Sequence[Manifest],
    labels: Mapping[str, str],
    address_type: str = "IPv4",
) -> Manifest:
    """Return an EndpointSlice of the Service `of`."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": name, "labels": {SERVICE_NAME: of, **labels}},
        "addressType": address_type,
        "ports": list(ports),
        "endpoints": list(endpoints),
    }


def title(scenario: Mapping[str, Any]) -> str:
    """Return one line that says what a drawn scenario has."""
    services = [item for item in scenario["objects"] if item["kind"] == "Service"]
    slices = [item for item in scenario["objects"] if item["kind"] == "EndpointSlice"]
    types = " and ".join(sorted({item["spec"]["type"] for item in services})) or "no type"
    counts = {"EndpointSlice": len(slices), "step": len(scenario["steps"])}
    others = ", ".join(_count(number, noun) for noun, number in counts.items())
    return f"{_count(len(services), 'Service')} of {types}, {others}"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def patched(value: Any, patch: Any) -> Any:
    """The value after a merge patch: null removes a key (https://www.rfc-editor.org/rfc/rfc7386)."""
    if not isinstance(patch, dict) or not isinstance(value, dict):
        return deepcopy(patch)
    changed = {**value, **{key: patched(value.get(key, {}), inner) for key, inner in patch.items()}}
    return {key: inner for key, inner in changed.items() if inner is not None}
