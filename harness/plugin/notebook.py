"""What the check in progress saw and recorded: the evidence of its fact."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Notebook:
    """Collects the observations of one check after the other.

    `found` is what a MAY behaviour recorded; `probes`, `readings` and `asserted` count probes made, objects read from
    the API and asserts that held.
    """

    lines: list[str] = field(default_factory=list)
    found: str = ""
    probes: int = 0
    readings: int = 0
    asserted: int = 0

    def open(self) -> None:
        """Begin with an empty page."""
        self.lines.clear()
        self.found, self.probes, self.readings, self.asserted = "", 0, 0, 0

    def record(self, line: str) -> None:
        """Keep what a probe showed, as a printable line."""
        self.probes += 1
        self.lines.append(line)

    def note(self, line: str) -> None:
        """Keep what the API said; the same again is not kept twice."""
        self.readings += 1
        if self.lines[-1:] != [line]:
            self.lines.append(line)
