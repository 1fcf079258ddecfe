"""Decisions: the rules by which each aspect is decided, for a client at a target."""

from dataclasses import dataclass

from svcproof.promise.expectation import Aspect
from svcproof.promise.world import World
from tests.promise.scene import rule
from tests.promise.table import at


@dataclass(frozen=True)
class Case:
    """`decided` has, for some aspects, the rule and its level, with semicolons between them."""

    world: World
    client: str
    target: str
    decided: str

    def wrong(self) -> list[str]:
        """The aspects that another rule decides."""
        words = [part.split(maxsplit=1) for part in self.decided.split("; ")]
        told = [
            (aspect, name, rule(Aspect(aspect))(self.world, self.client, at(self.target))) for aspect, name in words
        ]
        return [f"{aspect}: {name} and not {wanted}" for aspect, wanted, name in told if name != wanted]
