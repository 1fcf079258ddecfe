"""A run split over several machines: each makes one part of the behaviours that are selected."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from svcproof.errors import UsageError
from svcproof.printable import quoted


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `number`, from 1, of `of` parts."""

    number: int
    of: int

    @classmethod
    def read(cls, text: str) -> "Shard":
        """Read `2/5`; raises UsageError if the text is not a part."""
        match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        shard = cls(int(match[1]), int(match[2])) if match else None
        if shard is None or not 1 <= shard.number <= shard.of:
            raise UsageError(f"--shard must look like 2/5, the second of five parts, not {quoted(text)}")
        return shard

    def part(self, ids: Collection[str]) -> frozenset[str]:
        """Its part of these behaviours; the parts of all shards are as large as each other, give or take one."""
        return frozenset(sorted(ids)[self.number - 1 :: self.of])

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
