"""Markdown of foreign text: neither Markdown nor HTML, nor the hosts of code that render it, obey any of it.

GitHub and GitLab turn `@name`, `#12` and addresses into links after Markdown is read, and tell whoever is named; a
code span stops that, and so does a character without width behind the sign.
https://github.github.com/gfm/#autolinks-extension-
"""

import html
import re
from collections.abc import Iterable, Iterator

from svcproof.printable import clipped, one_line

SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~#!$])")
OPENING = re.compile(r"^(\d{0,9})([-+=]|(?<=\d)[.)])")
"""At the beginning of a block, it would begin a list or a heading."""
NOTHING = "&#8203;"
"""A space without width, as Markdown has it."""
ADDRESS = re.compile(r"(?=://)|(?<=\bwww)(?=\.)", re.IGNORECASE)
MENTION = re.compile(r"(?<=@)|(?<=#)(?=\d)")
URL = re.compile(r"https?://[\w.~:/?#@!$&+,;=%-]+", re.ASCII)


def escaped(text: str) -> str:
    """A text on one line of which nothing is obeyed."""
    line = OPENING.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", one_line(text).strip()))
    return MENTION.sub(NOTHING, ADDRESS.sub(r"\\", line))


def code(text: str, most: int | None = None) -> str:
    """A code span, in no table: a text on one line, exactly as it is; `most` is the number of characters kept."""
    line = (one_line(text) if most is None else clipped(text, most)) or " "
    ticks = _fence(line, 1)
    padding = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
    return f"{ticks}{padding}{line}{padding}{ticks}"


def block(text: str, language: str = "", indent: str = "") -> str:
    """A block of code of one line, for which hosts show a button that copies it."""
    line = one_line(text)
    ticks = _fence(line, 3)
    return "\n".join(f"{indent}{part}" for part in (ticks + language, line, ticks))


def link(text: str, url: str) -> str:
    """A link, or only its text where that is no plain address of the web."""
    return f"[{escaped(text)}]({url})" if URL.fullmatch(url) else escaped(text)


def table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table, from texts that are not Markdown yet."""
    cells = [escaped(cell) for cell in heading]
    yield f"| {' | '.join(cells)} |"
    yield f"|{'---|' * len(cells)}"
    for row in rows:
        yield f"| {' | '.join(escaped(cell) for cell in row)} |"


def folded(summary: str, lines: Iterable[str]) -> list[str]:
    """Lines of Markdown that are seen once somebody opens them, by HTML that hosts let through."""
    return ["<details>", f"<summary>{html.escape(one_line(summary))}</summary>", "", *lines, "", "</details>"]


def _fence(line: str, least: int) -> str:
    return "`" * max(least, 1 + max((len(ticks) for ticks in re.findall("`+", line)), default=0))
