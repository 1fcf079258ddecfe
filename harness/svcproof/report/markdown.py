"""Text from anywhere in a page of Markdown: nothing of it is taken for markup."""

import re
from urllib.parse import quote

from svcproof.printable import printable


def inline(text: str) -> str:
    """The text as part of a paragraph, a heading or a cell of a table."""
    line = " ".join(printable(text).split("\n"))
    line = re.sub(r"[\\*\[\]|]", r"\\\g<0>", line)
    return line.replace("<", "&lt;").replace(">", "&gt;")


def link(text: str, url: str) -> str:
    """A link that leads to the URL."""
    return f"[{inline(text)}]({quote(url, safe=':/?#@!$&+,;=%~*', errors='backslashreplace')})"
