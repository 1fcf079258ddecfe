"""A limit, and the patience by which a run stretches its limits."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """The factor by which limits are multiplied; those in `named` have a factor of their own, by the limit's name."""

    factor: float = 1.0
    named: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: str) -> float:
        """The factor of one limit."""
        return self.named.get(name, self.factor)


PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


class Limit(Enum):
    """The seconds within which something must happen.

    `usual` is what it is without patience. `what` says in a sentence what must happen, `why` for what a sound
    implementation may need as long. Patience does not stretch a limit beyond `ceiling`: what is broken would then put
    itself right, and pass.
    """

    def __init__(self, usual: float, what: str, why: str, ceiling: float = float("inf")) -> None:
        self.usual = usual
        self.what = what
        self.why = why
        self.ceiling = ceiling

    @property
    def called(self) -> str:
        """The name by which --patience knows it, such as `slices-written`."""
        return self.name.lower().replace("_", "-")

    @property
    def seconds(self) -> float:
        """The limit in seconds, with the patience of this run."""
        return self.of(self.usual)

    def of(self, declared: float) -> float:
        """The limit in seconds for a declaration or a check that has another number than the usual."""
        allowed = PATIENCE.get() or Patience()
        return min(declared * allowed.of(self.called), max(declared, self.ceiling))


def carried(function: Callable[..., Result]) -> Callable[..., Result]:
    """Give a function the patience of this run in whichever thread it is called: a new thread begins without."""
    context = copy_context()

    def call(*arguments: Any) -> Result:
        return context.copy().run(partial(function, *arguments))

    return call
