"""Evidence: what a cluster can show of a check that did not hold, and what a fact has of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

FOLDER = "evidence"
"""The directory beside the run file that has the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """A file in `evidence/`: what it has, its name, its size in bytes and the SHA-256 of its content, in hex."""

    title: str
    """The content, in a few words."""
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$", max_length=255)]
    """The name of the file."""
    size: int
    """Its size, in bytes."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """The SHA-256 of its content, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence of one check, taken before anything was cleaned up.

    `excerpt` has the few lines that matter; `missing` a sentence for each thing that could not be had, with the reason.
    """

    excerpt: str = ""
    files: tuple[EvidenceFile, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDump:
    """The rules of a node at a time of the wall clock: what each program printed, by its name, such as `nft`."""

    node: str
    at: float
    texts: Mapping[str, str]


LogLine = tuple[float, str]
"""The time of the wall clock at which a line was printed, and the line."""


@dataclass(frozen=True, slots=True)
class Log:
    """The lines that a program has printed, on a node or, without `node`, elsewhere; `name` is a word for a file."""

    name: str
    node: str
    lines: tuple[LogLine, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet without its link header, as it passed one place.

    `place` is the number of the place, from 1; `protocol` is that of the link, such as 0x0800; `direction` is the
    packet type of <linux/if_packet.h>, 4 for one that leaves.
    """

    at: float
    place: int
    protocol: int
    direction: int
    link_address: bytes
    data: bytes
