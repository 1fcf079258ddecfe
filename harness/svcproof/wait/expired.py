"""The errors of waiting, and the history that `Expired` carries."""

from dataclasses import dataclass

LINES, WIDTH = 12, 400
"""The message has so many looks of a long history, and so many characters of each but the last; `history` has all."""


@dataclass(frozen=True, slots=True)
class Look:
    """A value seen in `count` looks in a row, the first and last of them so many seconds after waiting began."""

    first: float
    last: float
    count: int
    value: object

    def __str__(self) -> str:
        span = f"{self.first:.2f} s" if self.count == 1 else f"{self.first:.2f}-{self.last:.2f} s, {self.count} looks"
        value = str(self.value).replace("\n", "\n      ")
        return f"at {span}: {value}"


class Expired(Exception):
    """`eventually` or `consistently` did not see what was claimed: this speaks against the part that was looked at.

    `limit` names the limit that ran out, where it has a name.
    """

    def __init__(self, expected: str, seconds: float, history: tuple[Look, ...], limit: str = "") -> None:
        self.expected = expected
        self.history = history
        recent = history[:-1][-LINES:]
        omitted = len(history) - 1 - len(recent)
        named = f" (limit {limit})" if limit else ""
        lines = [f"expected: {expected}", f"looked for {seconds:.2f} s{named}; seen:"]
        if omitted > 0:
            lines.append(f"  ({omitted} earlier ones left out)")
        texts = map(str, recent)
        lines += [f"  {text if len(text) <= WIDTH else f'{text[:WIDTH]} ...'}" for text in texts]
        lines.append(f"  {history[-1]}")
        super().__init__("\n".join(lines))


class Inconclusive(Exception):
    """The check's own control failed: nothing follows from the rest of it."""
