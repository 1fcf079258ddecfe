"""What waiting in vain raises, and the history it carries."""

from dataclasses import dataclass

LINES, WIDTH = 12, 400
"""Of a long history so many looks are told, with so many characters of each but the last; the attribute has it all."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen from `first` to `last` seconds after waiting began, in `count` looks that showed the same."""

    first: float
    last: float
    count: int
    value: object

    def __str__(self) -> str:
        span = f"{self.first:.2f} s" if self.count == 1 else f"{self.first:.2f}-{self.last:.2f} s, {self.count} looks"
        return f"at {span}: {indented(self.value)}"


class Expired(Exception):
    """`eventually` or `consistently` did not get what it waited for: this speaks against what was looked at."""

    def __init__(self, expected: str, seconds: float, history: tuple[Look, ...]) -> None:
        self.expected = expected
        self.history = history
        told = history[:-1][-LINES:]
        left = len(history) - 1 - len(told)
        lines = [f"expected: {expected}", f"looked for {seconds:.2f} s; seen:"]
        if left > 0:
            lines.append(f"  ({left} earlier ones left out)")
        lines += [f"  {shortened(str(one))}" for one in told]
        lines.append(f"  {history[-1]}")
        super().__init__("\n".join(lines))


class Inconclusive(Exception):
    """The check's own control failed: nothing follows from the rest of it."""


def indented(value: object) -> str:
    """Put a value's lines under one another."""
    return str(value).replace("\n", "\n      ")


def shortened(text: str) -> str:
    """Cut a long text."""
    return text if len(text) <= WIDTH else text[:WIDTH] + " ..."
