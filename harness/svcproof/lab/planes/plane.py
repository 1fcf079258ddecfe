"""A control plane as the lab's other parts see it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from svcproof.lab.client import Client

Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Plane:
    """A control plane that answers: a client of it, and what has to go on for as long as the lab lasts, by name."""

    client: Client
    parts: dict[str, Work]
