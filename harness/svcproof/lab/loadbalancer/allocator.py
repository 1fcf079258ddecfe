"""Gives Services of type LoadBalancer their addresses, as MetalLB's controller does."""

from svcproof.api_kinds import SERVICES
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Controller, Informer, Key, Recorder, itself
from svcproof.lab.layout import Layout
from svcproof.lab.loadbalancer.address_request import assigned
from svcproof.lab.loadbalancer.pool import Holding, Refused
from svcproof.lab.loadbalancer.rules import Rules


class Allocator(Controller[Key]):
    """Keeps `status.loadBalancer` of each Service what it should be."""

    def __init__(self, client: Client, layout: Layout, services: Informer, rules: Rules) -> None:
        self._client = client
        self._services = services
        self._rules = rules
        self._pool = rules.pool(layout.load_balancer_pool)
        self._recorder = Recorder(client, "load-balancer-controller")
        self._held: dict[Key, Holding] = {}
        self._given_back: dict[str, None] = {}
        """Addresses that were in use once, in the order in which they were given back."""
        self._refused: dict[Key, str] = {}
        """The reasons why Services wait, so that each is recorded once."""
        super().__init__("load balancer of", [(services, itself)], self.reconcile)

    async def run(self) -> None:
        """Work until cancelled."""
        await self._services.synced()
        # What was given out before comes first, lest a newcomer be given it again.
        for key, service in self._services.items.items():
            if self._rules.is_ours(service) and assigned(service):
                self._held[key] = Holding(assigned(service), self._rules.request(service))
        await super().run()

    async def reconcile(self, key: Key) -> None:
        """Give one Service its address, or take it back."""
        service = self._services.items.get(key)
        if service is None:
            self._release(key)
        elif self._rules.is_ours(service):
            await self._assign(key, service)
        else:
            await self._clear(key, service)

    async def _assign(self, key: Key, service: Object) -> None:
        request, addresses = self._rules.request(service), assigned(service)
        others = [holding for other, holding in self._held.items() if other != key]
        held = self._held.get(key)
        current = held or (Holding(addresses, request) if addresses else None)
        try:
            chosen = self._rules.choose(self._pool, request, current, others, tuple(self._given_back))
        except Refused as error:
            await self._refuse(key, service, error)
            return
        self._refused.pop(key, None)
        self._held[key] = Holding(chosen, request)
        if addresses != chosen:
            await self._write(service, chosen)
            await self._recorder.normal(service, "IPAllocated", f"Assigned IP [{' '.join(chosen)}]")
        if held and held != self._held[key]:
            self._wake()

    async def _refuse(self, key: Key, service: Object, error: Refused) -> None:
        if key in self._held or assigned(service):
            await self._write(service, ())
            self._release(key)
        if self._refused.get(key) != str(error):
            self._refused[key] = str(error)
            message = f'Failed to allocate IP for "{"/".join(key)}": {error}'
            await self._recorder.warning(service, "AllocationFailed", message)

    async def _clear(self, key: Key, service: Object) -> None:
        """Take the address from a Service that is of another type now; another load balancer's is not ours to take."""
        if service["spec"].get("type") != "LoadBalancer" and assigned(service):
            await self._write(service, ())
        if self._rules.gives_back(service):
            self._release(key)

    def _release(self, key: Key) -> None:
        self._refused.pop(key, None)
        if held := self._held.pop(key, None):
            for address in held.addresses:
                self._given_back.pop(address, None)
                self._given_back[address] = None
            self._wake()

    def _wake(self) -> None:
        """Something was given back: those that wait are to be looked at again."""
        for key in self._refused:
            self.after(0, key)

    async def _write(self, service: Object, addresses: tuple[str, ...]) -> None:
        ingress = [{"ip": address} for address in addresses] or None
        patch = {"status": {"loadBalancer": {"ingress": ingress}}}
        name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
        await self._client.patch(SERVICES, name, patch, namespace, subresource="status")
