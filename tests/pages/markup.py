"""The mistakes of an HTML file: what a parser of the HTML standard calls an error, and rules about references.

html5lib knows the errors of the standard's parser. It knows no content models; of these, the few rules here have what
pages of tables, forms and buttons get wrong.
"""

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import html5lib
from html5lib.constants import E as MESSAGES

INTERACTIVE = {"a", "button", "input", "select", "textarea", "summary", "label"}
OBSOLETE = {"center", "font", "big", "strike", "tt", "marquee", "frame", "frameset", "acronym", "applet", "basefont"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list", "form")
PHRASING = {"p", "span", "button", "label", "em", "strong", "code", "small", "abbr", "h1", "h2", "h3", "h4"}
BLOCKS = {"div", "p", "table", "ul", "ol", "dl", "section", "form", "pre", "figure", "details", "h1", "h2", "h3", "h4"}


def mistakes(text: str) -> list[str]:
    """The mistakes of an HTML document, in words; empty for a valid one."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    document = parser.parse(text)
    errors = [f"line {place[0]}: {MESSAGES[code] % data}" for place, code, data in parser.errors]
    return [*errors, *_identities(document), *_nesting(document), *_tables(document), *_frame(document)]


def _identities(document: ET.Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in document.iter() if element.get("id") is not None)
    yield from (f"the id {name!r} is there {count} times" for name, count in ids.items() if count > 1)
    yield from (f"an id is empty or has a space: {name!r}" for name in ids if not name or name.split() != [name])
    for element in document.iter():
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"<{element.tag} {attribute}={name!r}> leads nowhere"


def _nesting(document: ET.Element) -> Iterator[str]:
    for element in document.iter():
        if element.tag in OBSOLETE:
            yield f"<{element.tag}> is obsolete"
        inside = {inner.tag for inner in element.iter() if inner is not element and isinstance(inner.tag, str)}
        if element.tag in {"a", "button"} and (wrong := inside & INTERACTIVE):
            yield f"<{element.tag}> holds {sorted(wrong)}"
        if element.tag in PHRASING and (wrong := inside & BLOCKS):
            yield f"<{element.tag}> holds {sorted(wrong)}"
        if element.tag in {"ul", "ol"} and (wrong := {inner.tag for inner in element} - {"li", "template", "script"}):
            yield f"<{element.tag}> holds {sorted(map(str, wrong))} outside of its items"


def _tables(document: ET.Element) -> Iterator[str]:
    for table in document.iter("table"):
        widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")}
        spans = any(cell.get("rowspan") for cell in table.iter())
        if len(widths) > 1 and not spans:
            yield f"a table has rows of {sorted(widths)} cells"


def _frame(document: ET.Element) -> Iterator[str]:
    if not document.get("lang"):
        yield "<html> has no lang"
    if not (document.findtext("head/title") or "").strip():
        yield "there is no title"
    if len(list(document.iter("main"))) != 1:
        yield "there is not one <main>"
    if len(list(document.iter("h1"))) != 1:
        yield "there is not one <h1>"
