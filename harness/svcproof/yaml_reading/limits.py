"""Limits of what is read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one kind of YAML: bytes of a file, values in it with aliases written out, and levels of nesting.

    Where it is `strict`, what YAML's versions and readers disagree about is refused instead of read one way.
    """

    size: int
    values: int
    levels: int = 64
    strict: bool = False


DECLARATION = Limits(size=1 << 18, values=20_000, strict=True)
"""A file that a user of svcproof writes."""
MANIFEST = Limits(size=16 << 20, values=1_000_000)
"""A file of Kubernetes objects, or whatever else others have made; read as kubectl reads it."""
