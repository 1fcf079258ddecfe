"""The progress of a search: one live line on a terminal, a line now and then in a log, and each finding whole."""

import shlex
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from svcproof.explore.files import in_words
from svcproof.explore.search import Finding, Tally
from svcproof.printable import one_line, printable
from svcproof.report.words import clock

SECONDS_BETWEEN_LINES = 10.0


class Reporter:
    """Tells what a search is at, what it has found, and how it has ended."""

    def __init__(self, console: Console, minutes: float, seed: int, now: Callable[[], float] = time.monotonic) -> None:
        self._console, self._seconds, self._seed, self._now = console, 60 * minutes, seed, now
        self._began = self._printed = now()
        self._tally = Tally(began=self._began)
        self._live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)

    def step(self, sentence: str) -> None:
        """Tell that a step before the search begins."""
        self._print(one_line(sentence))

    def begin(self, worlds_at_once: int) -> None:
        """Tell that the search begins."""
        self._began = self._printed = self._now()
        self._print(f"searching from seed {self._seed}, {worlds_at_once} worlds at once; Ctrl-C ends it")

    def tell(self, tally: Tally) -> None:
        """Tell how far the search is, where it is time to."""
        self._tally = tally
        if self._console.is_terminal:
            self._live.start()
            self._live.update(Text(self._line(), no_wrap=True, overflow="ellipsis"), refresh=True)
        elif self._now() - self._printed >= SECONDS_BETWEEN_LINES:
            self._printed = self._now()
            self._print(self._line())

    def found(self, finding: Finding, path: Path) -> None:
        """Tell of a finding: briefly while it is made smaller, then whole."""
        if not finding.final:
            self._print(f"found something, and make it smaller: {path}")
            return
        self._print("")
        self._print(in_words(finding))
        self._print(f"run it again: svcproof replay {shlex.quote(str(path))}\n")

    def finish(self, end: str) -> None:
        """Tell how the search has ended."""
        self._live.stop()
        tally = self._tally
        words = [f"{end}: {_count(tally.worlds, 'world')} in {_count(tally.states, 'state')}"]
        words += [f"{tally.views} worlds x vantages, {tally.cells} looks from a vantage at a door"]
        words += [f"{_count(len(tally.findings), 'finding')}"]
        words += [f"{_count(tally.again, 'more world')} that differ like one of them"] if tally.again else []
        self._print(", ".join(words))
        if refused := len(tally.refused):
            self._print(f"{_count(refused, 'world')} that the API server refused, the last: {tally.refused[-1]}")
        if tally.unconfirmed:
            number = len(tally.unconfirmed)
            self._print(f"{_count(number, 'difference')} not seen again in a fresh world, the last of them:")
            self._print(tally.unconfirmed[-1])

    def _line(self) -> str:
        tally, passed = self._tally, self._now() - self._began
        left = max(0.0, self._seconds - passed)
        doing = f", {tally.doing}" if tally.doing else ""
        return (
            f"{_count(tally.worlds, 'world')}, {60 * tally.worlds / max(1e-9, passed):.0f} a minute, "
            f"{len(tally.findings)} found, {clock(left)} left{doing}"
        )

    def _print(self, text: str) -> None:
        self._live.stop()
        self._console.print(Text(printable(text)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
