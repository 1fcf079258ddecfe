"""The progress of a run that another process makes, read from its run file, which grows line by line."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from svcproof.report.runfile import NAME

FACT = b'{"kind": "fact"'
SELECTION = b'{"kind": "selection"'
REFUTED = b'"finding": "refuted"'


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks that a run has made, of how many, and how many of them were refuted; 0 of 0 before it has selected any."""

    done: int = 0
    total: int = 0
    refuted: int = 0


@dataclass(slots=True)
class Following:
    """Reads what is new in the run file of a directory each time it looks."""

    directory: Path
    checks: Checks = field(default_factory=Checks)
    _position: int = 0
    _repeat: int = 1

    def look(self) -> Checks:
        """Return how far the run is."""
        try:
            with (self.directory / NAME).open("rb") as file:
                file.seek(self._position)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._position += len(line)
                    self._count(line)
        except FileNotFoundError:
            pass
        return self.checks

    def _count(self, line: bytes) -> None:
        if line.startswith(FACT):
            refuted = self.checks.refuted + (REFUTED in line)
            self.checks = replace(self.checks, done=self.checks.done + 1, refuted=refuted)
        elif line.startswith(SELECTION):
            self.checks = replace(self.checks, total=len(json.loads(line)["behaviours"]) * self._repeat)
        elif not self._position - len(line):
            self._repeat = json.loads(line).get("repeat", 1)
