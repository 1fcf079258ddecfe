"""A run split over several machines: each makes one part of the behaviours that are selected."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from svcproof.errors import UsageError


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `number`, from 1, of so many."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> "Shard":
        """Read `2/5`; raises UsageError where that is no part."""
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        shard = cls(int(found[1]), int(found[2])) if found else None
        if shard is None or not 1 <= shard.number <= shard.of:
            raise UsageError(f"--shard {text}: is no part such as 2/5, the second of five")
        return shard

    def part(self, ids: Collection[str]) -> frozenset[str]:
        """Its part of these behaviours; the parts of all shards are as large as each other, give or take one."""
        return frozenset(sorted(ids)[self.number - 1 :: self.of])

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
