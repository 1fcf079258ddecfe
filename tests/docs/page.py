"""A page of the documentation: the files it has its reader write, and the commands it shows with their output.

A fence ```console is run: `$ ` begins a command, `> ` goes on with it, the rest is its output, where `…` stands for
what differs from run to run, and a line of it alone for any number of lines. A fence that names a file after its
language (```yaml mine.yaml) is that file. A fence ```sh is shown and not run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<language>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT, MORE, ANY = "$ ", "> ", "…"


@dataclass(frozen=True, slots=True)
class File:
    """A file the reader writes."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and the output the page shows."""

    words: str
    shown: str

    @property
    def asks(self) -> bool:
        """Whether it only looks, so that it may be given again until what was done before it shows."""
        return re.match(r"kubectl (get|exec|describe|logs) |svcproof lab exec ", self.words) is not None

    def printed(self, output: str) -> bool:
        """Whether `output` is what the page shows, apart from the width of its columns."""
        return re.fullmatch(_pattern(self.shown), _narrow(output)) is not None


def steps(page: Path) -> Iterator[File | Command]:
    """Yield what a page has its reader do, in order."""
    for fence in FENCE.finditer(page.read_text()):
        if fence["file"]:
            yield File(fence["file"], fence["text"])
        elif fence["language"] == "console":
            yield from _commands(fence["text"])


def unrun(page: Path) -> Iterator[str]:
    """Yield the commands that a page shows in ```sh fences."""
    for fence in FENCE.finditer(page.read_text()):
        if fence["language"] == "sh":
            yield from filter(None, (line.partition("#")[0].strip() for line in fence["text"].splitlines()))


def _commands(text: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        words = [first]
        while rest and rest[0].startswith(MORE):
            words.append(rest.pop(0).removeprefix(MORE))
        yield Command("\n".join(words), "\n".join(rest))


def _pattern(shown: str) -> str:
    lines = _narrow(shown).splitlines()
    return "".join("(?:.*\n)*" if line == ANY else _line(line) + "\n" for line in lines)


def _line(line: str) -> str:
    return ".*".join(map(re.escape, line.split(ANY)))


def _narrow(text: str) -> str:
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    return "".join(f"{line}\n" for line in lines if line)
