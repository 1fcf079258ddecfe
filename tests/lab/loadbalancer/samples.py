"""Services, slices and nodes as the API has them."""

from typing import Any

Object = dict[str, Any]


def service(
    name: str = "web", *, annotations: Object | None = None, given: tuple[str, ...] = (), **spec: Any
) -> Object:
    ports = [{"port": 80, "protocol": "TCP"}]
    return {
        "metadata": {"name": name, "namespace": "shop", "annotations": annotations or {}},
        "spec": {"type": "LoadBalancer", "clusterIP": "10.96.0.50", "ports": ports, **spec},
        "status": {"loadBalancer": {"ingress": [{"ip": one} for one in given]}},
    }


def endpoints(name: str = "web", **ready: bool) -> Object:
    """A slice with one endpoint per node; a dash in a node's name is written as an underscore."""
    return {
        "metadata": {"name": f"{name}-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": name}},
        "endpoints": [
            {"nodeName": node.replace("_", "-"), "conditions": {"ready": state}} for node, state in ready.items()
        ],
    }


def node(name: str, *, ready: bool = True, labels: Object | None = None) -> Object:
    state = {"type": "Ready", "status": str(ready)}
    return {"metadata": {"name": name, "labels": labels or {}}, "status": {"conditions": [state]}}
