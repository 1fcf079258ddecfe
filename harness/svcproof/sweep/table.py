"""The table of a sweep: vantages by doors, where it differs, and for each kind of difference what was promised.

Made to be read by somebody who sees it for the first time: only rows and columns that differ, and a count of the rest.
"""

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_uppercase
from textwrap import wrap

from svcproof.model.probe import Observation
from svcproof.promise.expectation import Aspect
from svcproof.sweep.cells import Cell
from svcproof.sweep.compare import Difference, in_words
from svcproof.sweep.doors import Door

COLUMNS = 5
"""Doors in one table; more go into tables below it."""
COLUMN = 18
"""Characters of a Service's name."""
WIDTH = 100
"""Characters in a line of what was expected and seen."""
TOLD = (Aspect.SOURCE, Aspect.SPREAD, Aspect.HEALTH)
"""Aspects that the outcomes of the probes do not tell of."""
Look = Mapping[Cell, Sequence[Observation]]
Kind = tuple[str, str, object]
"""Differences of a letter: what was expected, the name of the rule, and in which ways it was otherwise."""


def table(look: Look, differences: Sequence[Difference]) -> str:
    """The differences in words; a sentence where there are none."""
    vantages = len({cell.client.name for cell in look})
    doors = len({cell.door for cell in look})
    size = f"{len(look)} cells ({vantages} vantages, {doors} doors)"
    if not differences:
        return f"all of {size} are as promised"
    differing = {difference.cell for difference in differences}
    grouped = _grouped(look, differences)
    kinds = {kind: _letter(number) for number, kind in enumerate(grouped)}
    lines = [f"of {size} {len(look) - len(differing)} are as promised; these are not (ok: as promised; -: not asked):"]
    lines += _tables(look, differences, kinds)
    for kind, alike in grouped.items():
        lines += ["", *_legend(kinds[kind], alike, look)]
    return "\n".join([lines[0], "", *lines[1:]])


def _tables(look: Look, differences: Sequence[Difference], kinds: dict[Kind, str]) -> Iterator[str]:
    doors = list(dict.fromkeys(difference.cell.door for difference in differences))
    names = list(dict.fromkeys(difference.cell.client.name for difference in differences))
    letters: dict[tuple[str, Door], str] = {(cell.client.name, cell.door): "ok" for cell in look}
    for difference in differences:
        place = (difference.cell.client.name, difference.cell.door)
        others = letters[place].removeprefix("ok")
        letter = kinds[_kind(look, difference)]
        letters[place] = others if letter in others.split() else f"{others} {letter}".strip()
    for start in range(0, len(doors), COLUMNS):
        part = doors[start : start + COLUMNS]
        rows = [(name, *(letters.get((name, door), "-") for door in part)) for name in names]
        yield from _columns([*_headings(part), *_together(rows, len({cell.client.name for cell in look}))])
        if start + COLUMNS < len(doors):
            yield ""


def _together(rows: list[tuple[str, ...]], vantages: int) -> list[tuple[str, ...]]:
    """One row in place of all, where every vantage of the sweep sees the same."""
    is_one = len(rows) == vantages > 1 and len({row[1:] for row in rows}) == 1
    return [(f"all {vantages}", *rows[0][1:])] if is_one else rows


def _headings(doors: Sequence[Door]) -> list[tuple[str, ...]]:
    heads = list(zip(*(door.heading for door in doors), strict=True))
    names = [door.service.rpartition("/")[2] for door in doors]
    return [("Service", *_short(names)), ("door", *heads[0]), ("", *heads[1]), ("vantage", *heads[2])]


def _short(names: Sequence[str]) -> list[str]:
    """Names that fit their columns: their beginnings, or, where these are alike, their ends."""
    beginnings = {name: name if len(name) <= COLUMN else f"{name[: COLUMN - 1]}…" for name in names}
    if len(set(beginnings.values())) < len(set(names)):
        beginnings = {name: name if len(name) <= COLUMN else f"…{name[1 - COLUMN :]}" for name in names}
    return [beginnings[name] for name in names]


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _legend(letter: str, alike: Sequence[Difference], look: Look) -> list[str]:
    """The promise of all cells of a letter, what was seen in them together, and the rule."""
    first = alike[0]
    rule, kep = first.rule, f", KEP-{first.rule.kep}" if first.rule.kep else ""
    parts = {
        f"{letter}  expected: ": first.expected,
        "   seen:     ": _seen(alike, look),
        "   rule:     ": f"{rule.text} ({rule.level}{kep})",
    }
    margin = " " * len("   rule:     ")
    lines = [
        line
        for begin, text in parts.items()
        for line in wrap(text, WIDTH, initial_indent=begin, subsequent_indent=margin, break_on_hyphens=False)
    ]
    return [*lines, f"{margin}{rule.clause}"]


def _grouped(look: Look, differences: Sequence[Difference]) -> Mapping[Kind, Sequence[Difference]]:
    groups: dict[Kind, list[Difference]] = {}
    for difference in differences:
        groups.setdefault(_kind(look, difference), []).append(difference)
    return groups


def _kind(look: Look, difference: Difference) -> Kind:
    ways = frozenset(probed.outcome for probed in look[difference.cell])
    return difference.expected, difference.rule.name, difference.seen if difference.aspect in TOLD else ways


def _seen(alike: Sequence[Difference], look: Look) -> str:
    if alike[0].aspect in TOLD:
        return alike[0].seen
    return in_words([probed for each in alike for probed in look[each.cell]])


def _letter(number: int) -> str:
    return ascii_uppercase[number] if number < len(ascii_uppercase) else f"{_letter(number // 26 - 1)}{number % 26}"
