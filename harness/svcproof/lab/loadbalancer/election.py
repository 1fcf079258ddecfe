"""Which node announces which address: a pure function, the same choice MetalLB makes in layer 2 mode.

https://metallb.io/concepts/layer2/
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from svcproof.json_objects import Object
from svcproof.lab.faults import load_balancer as fault
from svcproof.lab.loadbalancer.pool import Pool
from svcproof.lab.loadbalancer.wish import assigned, is_ours

EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"


def elect(
    services: Iterable[Object],
    slices: Iterable[Object],
    nodes: Iterable[Object],
    pool: Pool,
    faults: frozenset[str],
) -> dict[str, str]:
    """Node by address, for every address of ours that has an endpoint somewhere."""
    if fault.NOT_ANNOUNCED.name in faults:
        return {}
    usable = [node["metadata"]["name"] for node in nodes if _is_usable(node, faults)]
    of_service = _by_service(slices)
    announced: dict[str, str] = {}
    for service in services:
        if not is_ours(service, faults):
            continue
        key = service["metadata"]["namespace"], service["metadata"]["name"]
        candidates = _candidates(service, of_service.get(key, ()), usable, faults)
        for address in assigned(service):
            if address in pool and candidates:
                announced[address] = min(candidates, key=lambda node: _rank(node, address))
    return announced


def _candidates(
    service: Object, endpoints: Sequence[Object], usable: Sequence[str], faults: frozenset[str]
) -> Sequence[str]:
    """Nodes that may announce a Service: under policy Local only those with an endpoint, and none without any."""
    ready = [one for one in endpoints if (one.get("conditions") or {}).get("ready") is not False]
    if not ready:
        return ()
    if service["spec"].get("externalTrafficPolicy") != "Local":
        return usable
    with_endpoint = {one.get("nodeName") for one in ready}
    if fault.ANNOUNCED_WITHOUT_ENDPOINT.name in faults:
        return [node for node in usable if node not in with_endpoint] or usable
    return [node for node in usable if node in with_endpoint]


def _rank(node: str, address: str) -> bytes:
    return sha256(f"{node}#{address}".encode()).digest()


def _is_usable(node: Object, faults: frozenset[str]) -> bool:
    excluded = EXCLUDED in (node["metadata"].get("labels") or {}) and fault.EXCLUDED_NODE_ANNOUNCES.name not in faults
    conditions = node.get("status", {}).get("conditions") or ()
    return not excluded and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _by_service(slices: Iterable[Object]) -> Mapping[tuple[str, str], list[Object]]:
    found: dict[tuple[str, str], list[Object]] = {}
    for one in slices:
        name = (one["metadata"].get("labels") or {}).get("kubernetes.io/service-name", "")
        found.setdefault((one["metadata"]["namespace"], name), []).extend(one.get("endpoints") or ())
    return found
