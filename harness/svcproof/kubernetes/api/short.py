"""Objects in short: what of a Service, an EndpointSlice or a pod explains where its connections go."""

from collections.abc import Mapping
from typing import Any

from svcproof.json_objects import Object

METADATA = ("labels", "deletionTimestamp")
POD_SPEC = ("nodeName", "hostNetwork", "hostname", "subdomain")
POD_STATUS = ("phase", "podIPs")


def shortened(kind: str, item: Object) -> Object:
    """The object in short."""
    short: Object = _with(METADATA, item["metadata"], "metadata")
    match kind:
        case "Pod":
            conditions = (item.get("status") or {}).get("conditions") or ()
            ready = next((condition["status"] for condition in conditions if condition["type"] == "Ready"), "")
            short["spec"] = {**_of(POD_SPEC, item["spec"]), "ports": _named_ports(item["spec"])}
            short["status"] = {**_of(POD_STATUS, item.get("status") or {}), "ready": ready == "True"}
        case "EndpointSlice":
            short |= _of(("addressType", "endpoints", "ports"), item)
        case _:
            short |= _of(("spec", "status"), item)
    return short


def _named_ports(spec: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of the ports that the containers of a pod have names for."""
    containers = (*(spec.get("initContainers") or ()), *spec["containers"])
    ports = (port for container in containers for port in container.get("ports") or ())
    return {port["name"]: port["containerPort"] for port in ports if port.get("name")}


def _with(keys: tuple[str, ...], part: Mapping[str, object], name: str) -> Object:
    kept = _of(keys, part)
    return {name: kept} if kept else {}


def _of(keys: tuple[str, ...], part: Mapping[str, object]) -> Object:
    return {key: part[key] for key in keys if part.get(key)}
