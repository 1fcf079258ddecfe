"""The names of runs in a comparison: short, and each another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from svcproof.report.runfile import NAME


def named(places: Sequence[Path]) -> Mapping[str, Path]:
    """Name runs by their directories or files; of equal names, all but the first are numbered."""
    names: dict[str, Path] = {}
    seen: Counter[str] = Counter()
    for place in places:
        short = _short(place)
        seen[short] += 1
        name = short if seen[short] == 1 else f"{short} ({seen[short]})"
        while name in names:
            seen[short] += 1
            name = f"{short} ({seen[short]})"
        names[name] = place
    return names


def _short(place: Path) -> str:
    whole = place.resolve()
    name = (whole.parent if whole.name == NAME else whole).name
    return name.removesuffix(".gz").removesuffix(".jsonl") or str(place)
