"""A badge of a run: the core behaviours that it shows, of which suite and when. It is coloured by its state alone.

It names a run and not the state of a source tree, has no percentage, and greys where nobody runs any more.
The file for shields.io: https://shields.io/badges/endpoint-badge
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from xml.etree import ElementTree as ET

from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.printable import clipped
from svcproof.report.outcome import Outcome, outcome

LABEL = "Services core"
OLD = timedelta(days=180)
"""A run that is older says little of what is in use now."""
MOST_VERSION = 20
HEIGHT, PADDING, WIDTH_OF_LETTER = 20, 6, 6.1
"""Pixels; of an average letter of Verdana at 11 pixels."""
SVG = "http://www.w3.org/2000/svg"
CACHED_FOR = 3600


class State(Enum):
    """The state of a run: the name of its colour on shields.io, and the colour of our own file, dark under white."""

    SHOWN = ("brightgreen", "#2e7d32")
    """All core behaviours are shown, and no MUST failed."""
    PARTLY = ("yellow", "#8a6100")
    """No MUST failed, and not all of the core is shown."""
    FAILED = ("red", "#b3261e")
    """A MUST does not hold, whether or not a baseline expects it."""
    UNKNOWN = ("lightgrey", "#5f6368")
    """Incomplete, old, or of a part of the behaviours: it says nothing of the proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A badge: its text and its state."""

    message: str
    state: State

    @property
    def text(self) -> str:
        """All of it, as a screen reader has it."""
        return f"{LABEL} {self.message}"


def badge(run: Run, verdicts: Sequence[Verdict], today: date) -> Badge:
    """The badge of a run as it is on a day."""
    numbers = outcome(run, verdicts)
    parts = [_shown(numbers), f"svcproof {_version(run.header.svcproof)}", clipped(run.header.started[:7])]
    return Badge(message=" · ".join(parts), state=_state(numbers, run.header.started, today))


def endpoint(of: Badge) -> bytes:
    """The file that shields.io's endpoint badge reads; it takes no other keys than its own."""
    content: Mapping[str, object] = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": of.message,
        "color": of.state.value[0],
        "cacheSeconds": CACHED_FOR,
    }
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def svg(of: Badge) -> bytes:
    """The badge as a picture of its own, for places without shields.io."""
    left, right = (round(len(text) * WIDTH_OF_LETTER) + 2 * PADDING for text in (LABEL, of.message))
    root = ET.Element("svg", xmlns=SVG, width=str(left + right), height=str(HEIGHT), role="img")
    root.set("aria-label", of.text)
    ET.SubElement(root, "title").text = of.text
    _box(root, 0, left, "#444")
    _box(root, left, right, of.state.value[1])
    group = ET.SubElement(root, "g", {"fill": "#fff", "font-family": "Verdana,DejaVu Sans,sans-serif"})
    group.set("font-size", "11")
    for text, start, width in ((LABEL, 0, left), (of.message, left, right)):
        place = {"x": str(start + PADDING), "y": "14", "textLength": str(width - 2 * PADDING)}
        ET.SubElement(group, "text", place).text = text
    content: bytes = ET.tostring(root, encoding="utf-8")
    return content + b"\n"


def _box(root: ET.Element, start: int, width: int, colour: str) -> None:
    ET.SubElement(root, "rect", x=str(start), width=str(width), height=str(HEIGHT), fill=colour)


def _shown(numbers: Outcome) -> str:
    if not numbers.complete:
        return "incomplete"
    if not numbers.whole or not numbers.core:
        return "partial selection"
    return f"{numbers.shown}/{numbers.core}"


def _state(numbers: Outcome, started: str, today: date) -> State:
    if not (numbers.complete and numbers.whole and numbers.core) or is_old(started, today):
        return State.UNKNOWN
    if numbers.failed:
        return State.FAILED
    return State.SHOWN if numbers.shown == numbers.core else State.PARTLY


def is_old(started: str, today: date) -> bool:
    """True for a run of more than 180 days ago, or of a day that cannot be."""
    try:
        age = today - date.fromisoformat(started[:10])
    except ValueError:
        return True
    return not timedelta(days=-1) <= age <= OLD


def _version(version: str) -> str:
    """A version without its last number where it is of a release."""
    release = re.fullmatch(r"(\d+\.\d+)\.\d+", version)
    return release[1] if release else clipped(version, MOST_VERSION)
