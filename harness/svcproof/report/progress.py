"""The progress of a run: one live line on a terminal, a line now and then in a log."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

from rich.console import Console
from rich.live import Live
from rich.text import Text

from svcproof.model.behaviour import Behaviour
from svcproof.model.fact import Fact
from svcproof.model.header import Header
from svcproof.model.starvation import STARVED
from svcproof.model.verdict import Ruling, Verdict
from svcproof.output import lossy
from svcproof.printable import one_line
from svcproof.report.words import TOLD_AT_ONCE, clock, escaped, explain

SECONDS_BETWEEN_LINES = 10.0


def terminal(until: ExitStack) -> Console:
    """A console on standard output as it is now, so that what captures the output of checks does not swallow it."""
    try:
        copy = lossy(os.dup(sys.stdout.fileno()), sys.stdout, own=True)
    except (AttributeError, OSError):
        return Console(highlight=False)  # Standard output is no file, as in tests, or closed.
    return Console(file=until.enter_context(copy), highlight=False)


class Progress:
    """Counts checks as they begin and end; tells what speaks against the proxy, or broke, at once."""

    def __init__(self, console: Console, header: Header, now: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._header = header
        self._now = now
        self._total = 0
        self._rulings: Counter[Ruling] = Counter()
        self._told: set[str | tuple[str, Ruling]] = set()
        self._began = self._printed = now()
        self._tenth = 0
        self._step = ""
        self._steps_since: float | None = None
        self._finished = False
        # Drawn when something happens, never by a thread of its own, which would write amid a check's output.
        self._live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)

    def expect(self, total: int) -> None:
        """Say how many checks there will be, repeats counted."""
        self._total = total

    def step(self, sentence: str) -> None:
        """Tell that a step outside the checks begins, and when, counted from the first one of those in a row.

        It does not count for the estimate of what is left. Several may be under way at once.
        """
        now = self._now()
        if not self._rulings:
            self._began = self._printed = now
        self._steps_since = now if self._steps_since is None else self._steps_since
        passed = now - self._steps_since
        line = f"{sentence} (at {clock(passed)})" if passed >= 1 else sentence
        if self._console.is_terminal and not self._finished:
            self._settle()
            self._step = line
            self._draw(line)
        else:
            self._print(escaped(line))

    def started(self, behaviour: Behaviour) -> None:
        """A check began."""
        self._settle()
        self._steps_since = None
        if self._console.is_terminal:
            self._draw(self._line(behaviour.id))

    def concluded(self, verdict: Verdict) -> None:
        """A check ended, with this verdict so far."""
        self._rulings[verdict.ruling] += 1
        if verdict.ruling in TOLD_AT_ONCE and self._is_news(verdict):
            self._print(explain(verdict, self._header))
        if not self._console.is_terminal and self._due():
            self._print(escaped(self._line(verdict.behaviour.id)))

    def beside(self, verdict: Verdict) -> None:
        """A bystander broke while another check was made, which has a verdict of its own."""
        if self._is_news(verdict):
            self._print(explain(verdict, self._header))

    def postponed(self, fact: Fact) -> None:
        """A check ended that will be made once more, since the machine was starved: only then is it counted."""
        self._print(escaped(f"{STARVED}, so {one_line(fact.id)} is tried once more at the end: {fact.machine}"))

    def pause(self, verdict: Verdict, directions: str) -> None:
        """Tell why the run pauses, and what to do meanwhile."""
        self._live.stop()
        self._settle()
        if self._is_news(verdict):
            self._print(explain(verdict, self._header))
        self._print(escaped(directions))

    def resume(self, seconds: float) -> None:
        """Leave the pause out of the time that checks take."""
        self._began += seconds

    def finish(self) -> None:
        """Take the live line away."""
        self._live.stop()
        self._settle()
        self._finished, self._steps_since = True, None

    def _settle(self) -> None:
        """Leave the line of the step that was under way where it can be read."""
        if self._step:
            self._print(escaped(self._step))
            self._step = ""

    def _is_news(self, verdict: Verdict) -> bool:
        """A behaviour is told once, however often repeated, and so is the cause of errors, however many it has."""
        news = verdict.reason if verdict.ruling is Ruling.ERROR else (verdict.behaviour.id, verdict.ruling)
        if news in self._told:
            return False
        self._told.add(news)
        return True

    def _due(self) -> bool:
        done = self._rulings.total()
        tenth = done * 10 // max(self._total, done)
        if tenth == self._tenth and self._now() - self._printed < SECONDS_BETWEEN_LINES:
            return False
        self._tenth, self._printed = tenth, self._now()
        return True

    def _line(self, current: str) -> str:
        done, spent = self._rulings.total(), self._now() - self._began
        remaining = f", about {clock(spent / done * (self._total - done))} left" if 0 < done < self._total else ""
        bad = "".join(f", {count} {ruling}" for ruling, count in self._rulings.items() if ruling in TOLD_AT_ONCE)
        return f"{done}/{self._total}{bad}, {clock(spent)}{remaining}  {current}"

    def _draw(self, line: str) -> None:
        if not self._live.is_started:
            self._live.start()
            self._console.show_cursor(True)
        text = escaped(line)
        text.no_wrap, text.overflow = True, "ellipsis"
        self._live.update(text, refresh=True)

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)
