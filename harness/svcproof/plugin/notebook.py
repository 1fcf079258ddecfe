"""The notebook of the check in progress: its observations, on a page of their own for each phase."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Page:
    """The observations made in one phase of one check: while it was set up, called or torn down.

    `way` is the word that a MAY behaviour recorded; `probes` and `readings` count probes made and objects read from
    the API.
    """

    lines: list[str] = field(default_factory=list)
    way: str = ""
    probes: int = 0
    readings: int = 0


class Notebook:
    """Takes observations down on the page of the phase under way.

    Vantages and API clients live longer than a check: they hold the notebook, and a fact holds a page of it.
    """

    __slots__ = ("page",)

    def __init__(self) -> None:
        self.page = Page()

    def turn(self) -> Page:
        """Begin a new page, and return it; nothing is added to the one before."""
        self.page = Page()
        return self.page

    def record(self, line: str) -> None:
        """Add the result of a probe, as a printable line."""
        self.page.probes += 1
        self.page.lines.append(line)

    def note(self, line: str) -> None:
        """Add an answer of the API; the same again is not added twice."""
        self.page.readings += 1
        if self.page.lines[-1:] != [line]:
            self.page.lines.append(line)
