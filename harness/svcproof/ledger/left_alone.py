"""The remnants that `svcproof clean` finds and does not remove."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A remnant that `svcproof clean` does not remove, and the reason; `in_use` if a run may still need it."""

    what: str
    reason: str
    in_use: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"
