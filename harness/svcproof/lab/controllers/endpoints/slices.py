"""From wanted endpoints to EndpointSlices to create, update and delete: a plan, and its execution.

Endpoints stay in the slice they are in, a slice holds at most 100, and slices that are no longer needed are used
for something else before new ones are made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from svcproof.api_kinds import ENDPOINT_SLICES, SERVICES
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Key
from svcproof.lab.controllers.endpoints.membership import ByPorts, Port, Ports, is_headless
from svcproof.lab.controllers.owner import owned_by
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.controllers.writing import delete_existing

LARGEST = 100
"""Endpoints per slice, as kube-controller-manager's --max-endpoints-per-slice has it by default."""
MANAGER = "endpointslice-controller.k8s.io"
SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
HEADLESS = "service.kubernetes.io/headless"
RESERVED = {SERVICE_NAME, MANAGED_BY, HEADLESS}


@dataclass(frozen=True, slots=True)
class Plan:
    """Slices to create, replace and delete."""

    create: tuple[Object, ...] = ()
    replace: tuple[Object, ...] = ()
    delete: tuple[Object, ...] = ()


def plan(template: Object, family: str, endpoints: ByPorts, existing: Sequence[Object]) -> Plan:
    """Bring the slices of one family to hold these endpoints, by the ports they serve.

    `template` is a slice with the metadata each one of them is to have. Without endpoints one empty slice stays,
    as a sign that the Service has been handled.
    """
    spare = [part for part in existing if ports_of(part) not in endpoints]
    filled: list[tuple[Object | None, Ports, list[Object]]] = []
    for ports, several in (endpoints or {(): ()}).items():
        of_ports = [part for part in existing if ports_of(part) == ports and part not in spare]
        placed, unused = _place(several, of_ports)
        spare += unused
        filled += [(where, ports, chunk) for where, chunk in placed]
    bodies = [(where or (spare.pop(0) if spare else None), ports, several) for where, ports, several in filled]
    written = [(where, _body(template, family, ports, several, where)) for where, ports, several in bodies]
    return Plan(
        create=tuple(body for where, body in written if where is None),
        replace=tuple(body for where, body in written if where is not None and _differ(where, body)),
        delete=tuple(spare),
    )


async def carry_out(client: Client, planned: Plan) -> None:
    """Create, replace and delete slices; raises ApiError where one was changed meanwhile."""
    for body in planned.create:
        await client.create(ENDPOINT_SLICES, body)
    for body in planned.replace:
        await client.replace(ENDPOINT_SLICES, body)
    for body in planned.delete:
        await delete_existing(client, ENDPOINT_SLICES, body)


async def slices_of(manager: str, client: Client, service: Key) -> list[Object]:
    """The slices of a Service that have this manager.

    Asked of the server: an informer may not know yet what was written a moment ago.
    """
    selector = f"{SERVICE_NAME}={service[1]},{MANAGED_BY}={manager}"
    items: list[Object] = (await client.list(ENDPOINT_SLICES, service[0], label_selector=selector))["items"]
    return items


def service_of_slice(manager: str, endpoint_slice: Object) -> Iterable[Key]:
    """The key of the Service that a slice belongs to, if it has this manager."""
    labels, namespace = labels_of(endpoint_slice), endpoint_slice["metadata"]["namespace"]
    return ((namespace, labels[SERVICE_NAME]),) if labels.get(MANAGED_BY) == manager else ()


def template(service: Object) -> Object:
    """The metadata of a Service's slices: its own labels with those that tie a slice to it, and its ownership."""
    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    own = {key: value for key, value in labels_of(service).items() if key not in RESERVED}
    headless = {HEADLESS: ""} if is_headless(service) else {}
    return {
        "generateName": f"{name}-",
        "namespace": namespace,
        "labels": {**own, SERVICE_NAME: name, MANAGED_BY: MANAGER, **headless},
        "ownerReferences": owned_by(SERVICES, service),
    }


def ports_of(existing: Object) -> Ports:
    """The ports of a slice."""
    return tuple(
        Port(port.get("name") or "", port.get("protocol") or "TCP", port.get("port") or 0, port.get("appProtocol"))
        for port in existing.get("ports") or ()
    )


def _place(
    endpoints: Sequence[Object], slices: Sequence[Object]
) -> tuple[list[tuple[Object | None, list[Object]]], list[Object]]:
    """Divide endpoints among the slices that hold them already and new ones (None); also the slices left empty."""
    waiting = {_identity(endpoint): endpoint for endpoint in endpoints}
    placed: list[tuple[Object | None, list[Object]]] = []
    unused = []
    for existing in slices:
        held = (_identity(endpoint) for endpoint in existing.get("endpoints") or ())
        kept = [waiting.pop(identity) for identity in held if identity in waiting]
        if kept:
            placed.append((existing, kept))
        else:
            unused.append(existing)
    rest = list(waiting.values())
    for _, kept in placed:
        room = LARGEST - len(kept)
        kept += rest[:room]
        rest = rest[room:]
    placed += [(None, rest[start : start + LARGEST]) for start in range(0, len(rest), LARGEST)]
    if not placed:
        placed.append((None, []))
    return placed, unused


def _identity(endpoint: Object) -> tuple[str, ...]:
    return (endpoint.get("targetRef", {}).get("uid", ""), *endpoint["addresses"])


def _body(template: Object, family: str, ports: Ports, endpoints: list[Object], existing: Object | None) -> Object:
    metadata = template
    if existing is not None:
        known = existing["metadata"]
        annotations = {**(known.get("annotations") or {}), **template.get("annotations", {})}
        metadata = {**known, "labels": template["labels"], "annotations": annotations}
    return {
        "metadata": metadata,
        "addressType": family,
        "endpoints": endpoints,
        "ports": [port.to_json() for port in ports],
    }


def _differ(existing: Object, body: Object) -> bool:
    return (
        existing["metadata"].get("labels") != body["metadata"]["labels"]
        or (existing["metadata"].get("annotations") or {}) != body["metadata"]["annotations"]
        or ports_of(existing) != ports_of(body)
        or (existing.get("endpoints") or []) != body["endpoints"]
    )
