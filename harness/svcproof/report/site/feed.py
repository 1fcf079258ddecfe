"""`feed.xml`: regressions from one run of a proxy to its next, as an Atom feed. https://www.rfc-editor.org/rfc/rfc4287"""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from svcproof.printable import clipped, one_line
from svcproof.report.site.steps import Step
from svcproof.report.site.value import Site
from svcproof.report.words import few

ATOM = "http://www.w3.org/2005/Atom"
NAMES = "urn:svcproof:"


def atom(site: Site, steps: Iterable[Step]) -> bytes:
    """The feed of these steps, the newest first; entries are named by digests of runs, wherever the site stands."""
    with_regressions = sorted((each for each in steps if each.regressions), key=_newest_last, reverse=True)
    root = ET.Element("feed", xmlns=ATOM)
    _add(root, "title", "Regressions of Kubernetes Service proxies")
    _add(root, "id", f"{NAMES}regressions")
    _add(root, "updated", max(published.run.header.started for published in site.runs))
    _add(ET.SubElement(root, "author"), "name", "svcproof")
    for each in with_regressions:
        _entry(root, each)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _newest_last(each: Step) -> tuple[str, str]:
    return each.later.run.header.started, each.later.run.digest


def _entry(root: ET.Element, each: Step) -> None:
    entry, number = ET.SubElement(root, "entry"), len(each.regressions)
    held = "1 behaviour held" if number == 1 else f"{number} behaviours held"
    _add(entry, "title", clipped(f"{each.later.name}: {held} in {each.earlier.name}, and no longer"))
    _add(entry, "id", f"{NAMES}{each.earlier.run.digest}:{each.later.run.digest}")
    _add(entry, "updated", each.later.run.header.started)
    ET.SubElement(entry, "link", href=f"p/{each.later.page}")
    _add(entry, "summary", few([moved.row.behaviour.id for moved in each.regressions]))


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = one_line(text)
