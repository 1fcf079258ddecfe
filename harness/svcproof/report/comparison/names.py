"""The names of runs in a comparison: short, and each another."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from svcproof.report.runfile import NAME


def named(places: Sequence[Path]) -> Mapping[str, Path]:
    """Name runs by their directories or files, without an end that all share.

    Of equal names, all but the first are numbered.
    """
    names = _without_shared_end([_short(place) for place in places])
    return dict(zip(unique(names), places, strict=True))


def unique(names: Sequence[str]) -> list[str]:
    """The names, with a number after each that an earlier one has already."""
    times: Counter[str] = Counter()
    taken: dict[str, None] = {}
    for name in names:
        times[name] += 1
        numbered = name if times[name] == 1 else f"{name} ({times[name]})"
        while numbered in taken:
            times[name] += 1
            numbered = f"{name} ({times[name]})"
        taken[numbered] = None
    return list(taken)


def _without_shared_end(names: Sequence[str]) -> Sequence[str]:
    """The names without the end after a comma that all of them share, as in `PROXY,lab,ipv4,1` of a matrix."""
    parts = [name.split(",") for name in names]
    while len(set(names)) > 1 and min(map(len, parts)) > 1 and len({part[-1] for part in parts}) == 1:
        parts = [part[:-1] for part in parts]
    return [",".join(part) for part in parts]


def _short(place: Path) -> str:
    path = Path(os.path.realpath(place))
    name = (path.parent if path.name == NAME else path).name
    return name.removesuffix(".gz").removesuffix(".jsonl") or str(place)
