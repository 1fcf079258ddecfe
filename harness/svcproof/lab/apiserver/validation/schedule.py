"""Schedules of CronJobs: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#writing-a-cronjob-spec .

Messages are those of the parser that Kubernetes uses, https://pkg.go.dev/github.com/robfig/cron/v3 .
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
EVERY = "@every "
DURATION = r"[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+"


def _numbers_of_names(words: str, first: int) -> Mapping[str, int]:
    return {word: number for number, word in enumerate(words.split(), first)}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers that one field of a schedule may have, and their names."""

    lowest: int
    highest: int
    names: Mapping[str, int] = field(default_factory=dict)


FIELDS: Sequence[Bounds] = (
    Bounds(0, 59),
    Bounds(0, 23),
    Bounds(1, 31),
    Bounds(1, 12, _numbers_of_names("jan feb mar apr may jun jul aug sep oct nov dec", 1)),
    Bounds(0, 6, _numbers_of_names("sun mon tue wed thu fri sat", 0)),
)


def schedule(text: str) -> list[str]:
    """Return what is wrong with a schedule: the first thing, if any."""
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith("@"):
        return _macro(text)
    fields = text.split()
    if len(fields) != len(FIELDS):
        return [f"expected exactly {len(FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]"]
    try:
        for entry, bounds in zip(fields, FIELDS, strict=True):
            for part in filter(None, entry.split(",")):
                _check_range(part, bounds)
    except ValueError as error:
        return [str(error)]
    return []


def _macro(text: str) -> list[str]:
    if text.startswith(EVERY):
        span = text.removeprefix(EVERY)
        why = f'failed to parse duration {text}: time: invalid duration "{span}"'
        return [] if re.fullmatch(DURATION, span) else [why]
    return [] if text in MACROS else [f"unrecognized descriptor: {text}"]


def _check_range(text: str, bounds: Bounds) -> None:
    """Raise ValueError for a range that is not `N`, `N-M` or `*`, with or without `/STEP`."""
    span, *steps = text.split("/")
    ends = span.split("-")
    if ends[0] in {"*", "?"}:
        start, end = bounds.lowest, bounds.highest
    else:
        start = end = _number(ends[0], bounds.names)
        if len(ends) > 2:
            raise ValueError(f"too many hyphens: {text}")
        if len(ends) == 2:
            end = _number(ends[1], bounds.names)
    if len(steps) > 1:
        raise ValueError(f"too many slashes: {text}")
    step = _number(steps[0], {}) if steps else 1
    if steps and len(ends) == 1:
        end = bounds.highest
    if start < bounds.lowest:
        raise ValueError(f"beginning of range ({start}) below minimum ({bounds.lowest}): {text}")
    if end > bounds.highest:
        raise ValueError(f"end of range ({end}) above maximum ({bounds.highest}): {text}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise ValueError(f"step of range should be a positive number: {text}")


def _number(text: str, words: Mapping[str, int]) -> int:
    if text.lower() in words:
        return words[text.lower()]
    if not re.fullmatch(r"\+?[0-9]+", text):
        raise ValueError(f'failed to parse int from {text}: strconv.Atoi: parsing "{text}": invalid syntax')
    return int(text)
