"""Defaults of EndpointSlices."""

from harness.model.cluster import Object


def default_endpoint_slice(item: Object) -> None:
    """Fill in, in place."""
    for port in item.get("ports") or []:
        port.setdefault("name", "")
        port.setdefault("protocol", "TCP")
