"""The choice of an endpoint for each connection and each UDP session, and of the address that the endpoint sees."""

import random
import time

from services import Endpoint, Frontend, Key, Node

Choice = tuple[Endpoint, str | None]
"""An endpoint, and the client's address if the endpoint is to see that and not the node's own."""


class Balancer:
    """Chooses among the endpoints of the frontends that it was last given."""

    def __init__(self) -> None:
        self.node = Node()
        self.frontends: dict[Key, Frontend] = {}
        self._loyal: dict[tuple[Key, str], tuple[Endpoint, float]] = {}

    def candidates(self, destination: Key, client: str) -> tuple[Endpoint, ...]:
        """The endpoints that a client may be led to."""
        frontend = self.frontends.get(destination)
        return frontend.endpoints(self.node, client) if frontend else ()

    def choose(self, destination: Key, client: str) -> Choice:
        """Choose an endpoint, under session affinity the one that the client had before; raises OSError."""
        candidates, now = self.candidates(destination, client), time.monotonic()
        if not candidates:
            raise ConnectionRefusedError(f"{destination} has no endpoint for {client}")
        chosen, frontend = random.choice(candidates), self.frontends[destination]
        if frontend.affinity:
            last, until = self._loyal.get((frontend.port, client), (chosen, now))
            chosen = last if now < until and last in candidates else chosen
            self._loyal[frontend.port, client] = chosen, now + frontend.affinity
        return chosen, client if self._keeps_address(frontend, chosen, client) else None

    def forget_expired(self) -> None:
        """Forget the clients whose affinity has ended."""
        self._loyal = {key: value for key, value in self._loyal.items() if value[1] > time.monotonic()}

    def _keeps_address(self, frontend: Frontend, endpoint: Endpoint, client: str) -> bool:
        """True where the answers come through this node, unless an endpoint would be led to itself."""
        here = self.node.has_pod(client) or endpoint in frontend.here
        return here and client != endpoint[0] and client not in self.node.addresses
