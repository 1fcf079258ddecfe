"""From Endpoints that somebody made by hand to EndpointSlices, which is where proxies look: pure functions.

https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#endpointslice-mirroring
"""

from collections.abc import Mapping

from svcproof.api_kinds import ENDPOINTS
from svcproof.json_objects import Object
from svcproof.lab.controllers.endpoints.membership import ByPorts, Port, Ports, family_of
from svcproof.lab.controllers.endpoints.slices import MANAGED_BY, SERVICE_NAME
from svcproof.lab.controllers.owner import owned_by
from svcproof.lab.controllers.selector import labels_of

MANAGER = "endpointslicemirroring-controller.k8s.io"
SKIP = "endpointslice.kubernetes.io/skip-mirror"
NOT_COPIED = {"kubectl.kubernetes.io/last-applied-configuration", "endpoints.kubernetes.io/last-change-trigger-time"}
LEADER = "control-plane.alpha.kubernetes.io/leader"


def is_mirrored(endpoints: Object, service: Object) -> bool:
    """True if an Endpoints object is copied to EndpointSlices: its Service has no selector, and nothing forbids it."""
    skipped = labels_of(endpoints).get(SKIP) == "true" or LEADER in (endpoints["metadata"].get("annotations") or {})
    return not skipped and not service["spec"].get("selector")


def mirror(endpoints: Object) -> Mapping[str, ByPorts]:
    """The endpoints that the slices of an Endpoints object are to hold, by family and ports."""
    mirrored: dict[str, dict[Ports, list[Object]]] = {}
    for subset in endpoints.get("subsets") or ():
        ports = tuple(
            Port(port.get("name", ""), port.get("protocol", "TCP"), port["port"], port.get("appProtocol"))
            for port in subset.get("ports") or ()
        )
        for which, ready in (("addresses", True), ("notReadyAddresses", False)):
            for address in subset.get(which) or ():
                kept = {key: address[key] for key in ("hostname", "nodeName", "targetRef") if key in address}
                endpoint = {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}
                mirrored.setdefault(family_of(address["ip"]), {}).setdefault(ports, []).append(endpoint)
    return mirrored


def template(endpoints: Object) -> Object:
    """A slice with the metadata that each mirrored slice is to have."""
    name, annotations = endpoints["metadata"]["name"], endpoints["metadata"].get("annotations") or {}
    return {
        "annotations": {key: value for key, value in annotations.items() if key not in NOT_COPIED},
        "generateName": f"{name}-",
        "namespace": endpoints["metadata"]["namespace"],
        "labels": {**labels_of(endpoints), SERVICE_NAME: name, MANAGED_BY: MANAGER},
        "ownerReferences": owned_by(ENDPOINTS, endpoints),
    }
