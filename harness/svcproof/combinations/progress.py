"""The progress of a matrix: one live line on a terminal, a line now and then in a log."""

import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.live import Live

from svcproof.combinations.plan import Planned, State
from svcproof.combinations.record import Record
from svcproof.combinations.run_progress import Checks
from svcproof.printable import one_line
from svcproof.report.words import clock, escaped, gist

SECONDS_BETWEEN_LINES = 30.0


class Progress:
    """Tells which combination is being run, how far it is, and how long all of them will take."""

    def __init__(
        self,
        console: Console,
        planned: Sequence[Planned],
        names: dict[str, str],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console
        self._names = names
        self._now = now
        self._due = sum(entry.state is State.DUE for entry in planned)
        self._durations = [record.seconds for entry in planned if (record := entry.kept.record) and not record.reason]
        self._number = 0
        self._current = ""
        self._began = self._printed = now()
        self._live = Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)

    def planned(self, title: str, planned: Sequence[Planned]) -> None:
        """Tell the title of the matrix, and what is done about each combination, and why."""
        if title:
            self._print(one_line(title))
        for entry in planned:
            self._print(f"{self._name(entry.combination.id)}: {entry.state}: {gist(entry.why)}")

    def begin(self, combination: str) -> None:
        """A run begins."""
        self._number += 1
        self._current = combination
        self._began = self._printed = self._now()
        self._print(self._line(Checks()))

    def tell(self, checks: Checks) -> None:
        """The run has come so far."""
        line = self._line(checks)
        if self._console.is_terminal:
            self._draw(line)
        elif self._now() - self._printed >= SECONDS_BETWEEN_LINES:
            self._printed = self._now()
            self._print(line)

    def end(self, record: Record, outcome: str) -> None:
        """The run has ended."""
        self._live.stop()
        if not record.reason:
            self._durations.append(record.seconds)
        self._print(f"{self._head()}: {outcome}, {clock(record.seconds)}")

    def stop(self) -> None:
        """Take the live line away."""
        self._live.stop()

    def _line(self, checks: Checks) -> str:
        spent = self._now() - self._began
        done = f": {checks.done} of {checks.total} checks" if checks.total else ""
        refuted = f", {checks.refuted} refuted" if checks.refuted else ""
        return f"{self._head()}{done}{refuted}, {clock(spent)}{self._remaining(checks, spent)}"

    def _head(self) -> str:
        return f"[{self._number}/{self._due}] {self._name(self._current)}"

    def _remaining(self, checks: Checks, spent: float) -> str:
        """The estimate of what is left of all, once there is something to go by."""
        by_checks = spent * checks.total / checks.done if checks.done else 0.0
        each = sum(self._durations) / len(self._durations) if self._durations else by_checks
        if not each:
            return ""
        this = by_checks if checks.done * 10 > checks.total else each
        left = max(this - spent, 0) + each * (self._due - self._number)
        return f", about {clock(left)} left in all"

    def _name(self, combination: str) -> str:
        return one_line(self._names[combination])

    def _draw(self, line: str) -> None:
        if not self._live.is_started:
            self._live.start()
        text = escaped(line)
        text.no_wrap, text.overflow = True, "ellipsis"
        self._live.update(text, refresh=True)

    def _print(self, line: str) -> None:
        self._console.print(escaped(line), soft_wrap=True)
