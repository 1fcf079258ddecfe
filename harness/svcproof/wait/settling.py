"""The settling of what is expected: from which look on it showed, for each vantage that took part in the looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from svcproof.model.probe import Lookup, Seen
from svcproof.model.step import Settling

Vantage = tuple[str, str]
"""The name of a vantage, and its node."""
WHOLE: Vantage = ("", "")


@dataclass(slots=True)
class _Track:
    """The looks from one vantage so far."""

    looks: int = 0
    first_right: float | None = None
    last_wrong: float | None = None
    settled: float | None = None

    def add(self, at: float, right: bool) -> None:
        self.looks += 1
        if not right:
            self.last_wrong, self.settled = at, None
        elif self.settled is None:
            self.settled = at
            self.first_right = at if self.first_right is None else self.first_right


class Tracks:
    """Follows from look to look, for each vantage, whether what it saw is what is expected of all of them."""

    def __init__(self) -> None:
        self._tracks: dict[Vantage, _Track] = {}
        self._whole = _Track()

    def add(self, at: float, value: object, holds: Callable[[Any], bool], whole: bool) -> None:
        """Add the look that began at `at`: its value, the predicate, and what that says of the whole of the value."""
        self._whole.add(at, whole)
        parts = _parts(value)
        for vantage, part in parts.items():
            right = whole if len(parts) == 1 else _holds(holds, part, whole)
            self._tracks.setdefault(vantage, _Track()).add(at, right)

    def settlings(self) -> tuple[Settling, ...]:
        """The settling of each vantage.

        Where a predicate holds of all together and not of one alone, such as that each of three backends answers
        somebody, it is the settling of all.
        """
        return tuple(
            Settling(
                vantage=name,
                node=node,
                looks=track.looks,
                first_right=chosen.first_right,
                last_wrong=chosen.last_wrong,
                settled=chosen.settled,
            )
            for (name, node), track in self._tracks.items()
            for chosen in [self._whole if self._whole.settled is not None and track.settled is None else track]
        )


def _parts(value: object) -> Mapping[Vantage, object]:
    if isinstance(value, Lookup):
        return {(value.vantage, value.node): value}
    if not isinstance(value, Seen):
        return {WHOLE: value}
    probes: dict[Vantage, list[Any]] = {}
    for probe in value:
        probes.setdefault((probe.vantage, probe.node), []).append(probe)
    return {vantage: Seen(tuple(several)) for vantage, several in probes.items()}


def _holds(holds: Callable[[Any], bool], part: object, otherwise: bool) -> bool:
    """The predicate of a part; where it is one of wholes alone, which it may show by an error, what it says of all."""
    try:
        return bool(holds(part))
    except Exception:  # Predicates are the suites' own, and were made for the whole.
        return otherwise
