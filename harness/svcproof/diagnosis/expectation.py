"""The words of a step or an assert, read: what of probes was expected, as far as it says so."""

import re
from dataclasses import dataclass

from svcproof.model.event import Differing

ITEMS = r"([^,]+(?:, [^,]+)*?)"
ALL_OF = re.compile(rf"by all of {ITEMS} and nobody else")
WITHIN = re.compile(rf"(?:by nobody but|by one and the same of) {ITEMS}$|nobody but {ITEMS} answers")
NOT_BY = re.compile(rf"no probe is answered by {ITEMS}$")
EXACTLY = re.compile(rf"the probes are answered by (?!pods on)(none but )?{ITEMS}$")
ANOTHER = re.compile(rf"the probes are answered by others than {ITEMS}$")
SOURCES = re.compile(rf"(?:backends see (?:it|the probes) come from) {ITEMS}$")
PORTS = re.compile(r"(?:by backends at port|arrive at the backends' port) ([\d, ]+)")
ONE = re.compile(r"by one and the same\b")
SILENT = ("no probe is answered:", "no probe is answered by anybody")
POSITIVE = ("every probe is answered", "the probes are answered by", "backends see", "arrive at the backends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """An expectation of probes; what the words do not say is None or empty.

    `answered`: all probes are, or none is. `all_of`: these pods answer, each of them; `within`: nobody but these does.
    """

    words: str = ""
    answered: bool | None = None
    all_of: frozenset[str] | None = None
    within: frozenset[str] | None = None
    not_by: frozenset[str] = frozenset()
    one_backend: bool = False
    refusal: str = ""
    sources: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()


def expectation(words: str) -> Expectation:
    """Read the words of a predicate, or of a refuted assert."""
    words = words.removeprefix("all the time: ").strip()
    all_of, within = _items(ALL_OF, words), _items(WITHIN, words)
    if match := EXACTLY.search(words):
        all_of, within = (within, _split(match[2])) if match[1] else (_split(match[2]), within)
    refusal = next((kind for kind in ("refused", "dropped") if words.startswith(f"every probe is {kind}")), "")
    return Expectation(
        words=words,
        answered=_answered(words, refusal),
        all_of=all_of,
        within=all_of if within is None else within,
        not_by=(_items(NOT_BY, words) or frozenset()) | (_items(ANOTHER, words) or frozenset()),
        one_backend=bool(ONE.search(words)),
        refusal=refusal,
        sources=_items(SOURCES, words) or frozenset(),
        ports=frozenset(int(port) for match in PORTS.findall(words) for port in re.findall(r"\d+", match)),
    )


def promised(differing: Differing) -> Expectation:
    """The expectation of one vantage at one door of a sweep, in the aspect in which it differs."""
    names = frozenset(differing.backends)
    is_within = differing.answered == "always" or differing.aspect in ("backends", "preference")
    refusal = differing.allowed[0] if differing.aspect == "silence" and len(differing.allowed) == 1 else ""
    return Expectation(
        words=differing.expected,
        answered={"always": True, "never": False}.get(differing.answered),
        all_of=names if differing.aspect == "spread" else None,
        within=names if is_within and names else None,
        one_backend=differing.aspect == "sticky",
        refusal=refusal,
        sources=frozenset(differing.allowed if differing.aspect == "source" else ()),
    )


def _answered(words: str, refusal: str) -> bool | None:
    if refusal or any(text in words for text in SILENT) or "none_answered" in words:
        return False
    return True if any(text in words for text in POSITIVE) or "all_answered" in words else None


def _items(pattern: re.Pattern[str], words: str) -> frozenset[str] | None:
    match = pattern.search(words)
    return _split(next(filter(None, match.groups()), "")) if match else None


def _split(text: str) -> frozenset[str]:
    return frozenset(item for item in text.split(", ") if item and item != "none")
