"""Keeps the Endpoints of each Service that has a selector: the API before EndpointSlices, still read by some.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/
"""

from collections.abc import Iterable
from functools import partial

from svcproof.api_kinds import ENDPOINTS
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.endpoints.membership import Ports, has_address, is_headless
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.rules import Rules
from svcproof.lab.controllers.selector import labels_of
from svcproof.lab.controllers.writing import delete_existing

MANAGED_BY = {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
HEADLESS = {"service.kubernetes.io/headless": ""}


class EndpointsController(Controller[Key]):
    """As kube-controller-manager's endpoints-controller, but for the limit of 1000 addresses."""

    def __init__(self, client: Client, informers: Informers, rules: Rules) -> None:
        self._client = client
        self._informers = informers
        self._rules = rules
        concerned = partial(rules.services_of, informers.services.items)
        super().__init__(
            "endpoints of",
            [(informers.services, itself), (informers.pods, concerned), (informers.endpoints, itself)],
            self.reconcile,
        )

    async def reconcile(self, key: Key) -> None:
        """Bring the Endpoints of one Service up to date."""
        service = self._informers.services.items.get(key)
        existing = self._informers.endpoints.items.get(key)
        if service is None:
            if existing is not None and MANAGED_BY.items() <= labels_of(existing).items():
                await delete_existing(self._client, ENDPOINTS, existing)
        elif self._rules.gets_endpoints(service) and "deletionTimestamp" not in service["metadata"]:
            await self._write(service, existing)

    async def _write(self, service: Object, existing: Object | None) -> None:
        pods = (pod for pod in self._informers.pods.items.values() if self._rules.selects(service, pod))
        headless = HEADLESS if is_headless(service) else {}
        labels = {**labels_of(service), **MANAGED_BY, **headless}
        now = subsets(service, pods, self._rules)
        if existing is None:
            name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
            metadata = {"name": name, "namespace": namespace, "labels": labels}
            await self._client.create(ENDPOINTS, {"metadata": metadata, "subsets": now})
        elif labels_of(existing) != labels or (existing.get("subsets") or []) != now:
            body = {**existing, "metadata": {**existing["metadata"], "labels": labels}, "subsets": now}
            await self._client.replace(ENDPOINTS, body)


def subsets(service: Object, pods: Iterable[Object], rules: Rules) -> list[Object]:
    """Addresses by the ports they serve, those that are ready apart from those that are not."""
    family = (service["spec"].get("ipFamilies") or ["IPv4"])[0]
    published = bool(service["spec"].get("publishNotReadyAddresses"))
    by_ports: dict[Ports, dict[str, list[Object]]] = {}
    for pod in sorted(filter(has_address, pods), key=lambda pod: str(pod["metadata"]["uid"])):
        endpoint = rules.endpoint(service, pod, {}, family, rules.conditions)
        if endpoint is None or ("deletionTimestamp" in pod["metadata"] and not published):
            continue
        which = "addresses" if endpoint["conditions"]["ready"] else "notReadyAddresses"
        by_ports.setdefault(rules.ports(service, pod), {}).setdefault(which, []).append(_address(endpoint))
    return [
        {**addresses, **({"ports": [port.to_json() for port in served]} if served else {})}
        for served, addresses in by_ports.items()
    ]


def _address(endpoint: Object) -> Object:
    optional: Object = {key: endpoint[key] for key in ("hostname", "nodeName", "targetRef") if key in endpoint}
    return {"ip": endpoint["addresses"][0], **optional}
