"""Keeps the mirrored EndpointSlices of Endpoints that somebody made by hand."""

from svcproof.api_kinds import ENDPOINT_SLICES
from svcproof.lab.client import Client, Controller, Key, itself
from svcproof.lab.controllers.endpoints.mirror import MANAGER, mirror, template
from svcproof.lab.controllers.endpoints.slices import MANAGED_BY, SERVICE_NAME, Plan, carry_out, plan, service_of_slice
from svcproof.lab.controllers.informers import Informers
from svcproof.lab.controllers.rules import Rules


class MirrorController(Controller[Key]):
    """As kube-controller-manager's endpointslicemirroring-controller."""

    def __init__(self, client: Client, informers: Informers, rules: Rules) -> None:
        self._client = client
        self._informers = informers
        self._rules = rules
        super().__init__(
            "mirror of",
            [
                (informers.endpoints, itself),
                (informers.services, itself),
                (informers.slices, lambda event: service_of_slice(MANAGER, event.object)),
            ],
            self.reconcile,
        )

    async def reconcile(self, key: Key) -> None:
        """Bring the mirrored slices of one Endpoints object up to date."""
        endpoints = self._informers.endpoints.items.get(key)
        service = self._informers.services.items.get(key)
        mirrored = endpoints is not None and service is not None and self._rules.is_mirrored(endpoints, service)
        if not mirrored and not any(
            key in service_of_slice(MANAGER, part) for part in self._informers.slices.items.values()
        ):
            return
        selector = f"{SERVICE_NAME}={key[1]},{MANAGED_BY}={MANAGER}"
        existing = (await self._client.list(ENDPOINT_SLICES, key[0], label_selector=selector))["items"]
        by_family = mirror(endpoints) if endpoints is not None and mirrored else {}
        for family in ("IPv4", "IPv6"):
            of_family = [part for part in existing if part["addressType"] == family]
            if endpoints is not None and family in by_family:
                await carry_out(self._client, plan(template(endpoints), family, by_family[family], of_family))
            else:
                await carry_out(self._client, Plan(delete=tuple(of_family)))
