"""What the check in progress saw and recorded: the evidence of its fact."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Notebook:
    """Collects the observations of one check after the other; `record` is what a MAY behaviour found."""

    observations: list[str] = field(default_factory=list)
    found: str = ""
    asserted: int = 0

    def open(self) -> None:
        """Begin with an empty page."""
        self.observations.clear()
        self.found, self.asserted = "", 0

    def record(self, line: str) -> None:
        """Keep one observation, as a printable line."""
        self.observations.append(line)
