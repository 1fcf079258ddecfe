"""Text from anywhere, made fit to be shown: the one door to terminals, XML and Markdown.

File names, log lines and answers of a cluster hold whatever somebody put there. In the run file they stay as they are;
wherever they are shown, no character of them may be obeyed, hidden or refused by what shows it.
"""

LONGEST = 200
QUOTED = 60
"""No value is shown with more characters in a message."""


def printable(text: str) -> str:
    r"""The text with an escape such as `\x1b` for each character but newlines that is not printable.

    Escapes stand for controls, which a terminal obeys and XML cannot hold; for formats, such as those that change the
    direction of writing or have no width; for separators other than the space; and for lone surrogates, which nothing
    can encode. Tabs become spaces.
    """
    text = text.expandtabs()
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else _escaped(character) for character in text
    )


def one_line(text: str) -> str:
    """The text in one line: a name or a path must not look like a line of its own."""
    return printable(text).replace("\n", r"\n")


def clipped(text: str, most: int = LONGEST) -> str:
    """The text in one line of bounded length."""
    line = one_line(text)
    return line if len(line) <= most else f"{line[:most]}…"


def quoted(value: object, *, bare: bool = False) -> str:
    """A value as a message shows it: on one line, of no more than 60 characters; text in quotes, unless `bare`."""
    if not isinstance(value, str):
        value, bare = repr(value), True
    start = value[: QUOTED + 1]
    text = printable(start).replace("\n", "\\n") if bare else repr(start)
    if len(value) <= QUOTED and len(text) <= QUOTED:
        return text
    return f"{text[: QUOTED - 1]}…" if bare else f"{text[: QUOTED - 2].rstrip(chr(92))}…{text[0]}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
