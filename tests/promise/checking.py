"""Health checks: what each node may answer at the healthCheckNodePort of the Service."""

from dataclasses import dataclass

from svcproof.promise.health import Health, health
from svcproof.promise.world import World


@dataclass(frozen=True)
class Check:
    """The answers of node-a, node-b and node-c: status and number of endpoints, `silent`, or `any`."""

    title: str
    world: World
    told: str

    def wrong(self) -> list[str]:
        """The nodes that are to answer otherwise."""
        (service, *_) = self.world.services
        told = [said(health(self.world, node, service)) for node in self.world.nodes]
        return [f"{is_} and not {text}" for is_, text in zip(told, self.told.split(", "), strict=True) if is_ != text]


def said(answer: Health) -> str:
    """An answer in words."""
    if answer.statuses is None:
        return "any"
    if not answer.statuses:
        return "silent"
    number = "" if answer.endpoints is None else f" {answer.endpoints}"
    return " or ".join(map(str, sorted(answer.statuses))) + number
