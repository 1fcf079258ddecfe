"""The node that announces each address: pure functions, the same choice that MetalLB makes in layer 2 mode.

https://metallb.io/concepts/layer2/
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from svcproof.json_objects import Object
from svcproof.lab.loadbalancer.address_request import assigned
from svcproof.lab.loadbalancer.pool import Pool

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
Candidates = Callable[[Object, Sequence[Object], Sequence[str]], Sequence[str]]
"""Chooses from the nodes that may announce those that may announce this Service with these endpoints."""
Announcers = Mapping[str, str]
"""The node that announces an address, by address."""


def elect(
    services: Iterable[Object], slices: Iterable[Object], nodes: Sequence[str], pool: Pool, candidates: Candidates
) -> Announcers:
    """Elect one of the nodes for every address of the pool that has an endpoint somewhere."""
    of_service = _by_service(slices)
    announcers: dict[str, str] = {}
    for service in services:
        key = service["metadata"]["namespace"], service["metadata"]["name"]
        able = candidates(service, of_service.get(key, ()), nodes)
        for address in assigned(service):
            if address in pool and able:
                announcers[address] = min(able, key=lambda node: _rank(node, address))
    return announcers


def may_announce(node: Object) -> bool:
    """True if a node takes part: it is ready, and not excluded by its label."""
    excluded = EXCLUDED in (node["metadata"].get("labels") or {})
    conditions = node.get("status", {}).get("conditions") or ()
    return not excluded and any(entry["type"] == "Ready" and entry["status"] == "True" for entry in conditions)


def candidates(service: Object, endpoints: Sequence[Object], nodes: Sequence[str]) -> Sequence[str]:
    """Return the nodes that may announce a Service: under policy Local only those with an endpoint, and none without.

    Without a ready endpoint there are none.
    """
    with_endpoint = ready_on(endpoints)
    if not with_endpoint:
        return ()
    if service["spec"].get("externalTrafficPolicy") != "Local":
        return nodes
    return [node for node in nodes if node in with_endpoint]


def ready_on(endpoints: Iterable[Object]) -> set[str | None]:
    """The nodes of ready endpoints, with None for those of endpoints that name none."""
    return {
        endpoint.get("nodeName")
        for endpoint in endpoints
        if (endpoint.get("conditions") or {}).get("ready") is not False
    }


def _rank(node: str, address: str) -> bytes:
    return sha256(f"{node}#{address}".encode()).digest()


def _by_service(slices: Iterable[Object]) -> Mapping[tuple[str, str], list[Object]]:
    endpoints: dict[tuple[str, str], list[Object]] = {}
    for endpoint_slice in slices:
        metadata = endpoint_slice["metadata"]
        name = (metadata.get("labels") or {}).get("kubernetes.io/service-name", "")
        endpoints.setdefault((metadata["namespace"], name), []).extend(endpoint_slice.get("endpoints") or ())
    return endpoints
