"""SVG as matplotlib writes it, made to stand in an HTML page whose policy allows no styles but the page's own."""

import re
from xml.etree import ElementTree as ET

NAMESPACE = re.compile(r"^\{[^}]*\}")
REFERENCE = re.compile(r"#([A-Za-z0-9_-]+)")
SIZE = re.compile(r"([0-9.]+)px")
OF_PAPER = ("width", "height", "version", "id")
"""Attributes of the whole that a page does without."""


def inlined(text: str, ink: str, words: str) -> str:
    """Make an SVG part of a page: `ink` becomes the colour of the text around it, `words` are its text alternative."""
    root = ET.fromstring(text)
    for parent in root.iter():
        for child in list(parent):
            if _name(child) in {"metadata", "style"}:
                parent.remove(child)
    referred = set(REFERENCE.findall(text))
    for element in root.iter():
        element.tag = _name(element)
        element.attrib = {NAMESPACE.sub("", key): value for key, value in _attributes(element).items()}
        if element.get("id") not in referred:
            element.attrib.pop("id", None)
    root.attrib = {key: value for key, value in root.attrib.items() if key not in OF_PAPER}
    root.attrib |= {"role": "img", "aria-label": words}
    return ET.tostring(root, encoding="unicode").replace(ink, "currentColor")


def _name(element: ET.Element) -> str:
    return NAMESPACE.sub("", element.tag)


def _attributes(element: ET.Element) -> dict[str, str]:
    """The attributes, with those of its style among them; a font is the page's, in the size that was asked for."""
    attributes = dict(element.attrib)
    for declaration in attributes.pop("style", "").split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font" and (size := SIZE.search(value)):
            attributes["font-size"] = size[1]
        elif key and key != "font-family":
            attributes[key] = value
    return attributes
