"""The rules by which the API server gives Services their numbers, as values to be exchanged one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.allocation.pools import Claim, TakePort, take_port


def settle(service: Object, old: Object | None, claim: Claim) -> Object:
    """Return a valid Service in its final form: as it was admitted."""
    return service


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Functions that decide on the numbers of a Service; the defaults are the sound ones."""

    take_port: TakePort = take_port
    settle: Callable[[Object, Object | None, Claim], Object] = settle
