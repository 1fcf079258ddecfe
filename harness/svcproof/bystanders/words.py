"""A broken bystander in words: what broke, beside which change, and the table of what was seen. Pure functions."""

from collections.abc import Sequence

from svcproof.model.bystander import Disturbance

MOST_ROWS = 20


def reason(broken: Sequence[Disturbance], now: float) -> str:
    """The reason of a fact: the Services that broke, the change in flight, and a row for each door and vantage.

    `now` is the time of the report, on the clock of the disturbances.
    """
    first = min(broken, key=lambda each: each.at)
    services = ", ".join(sorted({each.service for each in broken}))
    lines = [
        f"expected: the bystander {services} to be as it was, whatever happens to other Services",
        f"it has been otherwise for {now - first.at:.1f} s, since {_since(first)}",
        "seen, by door and vantage:",
        *map(_row, broken[:MOST_ROWS]),
    ]
    if (more := len(broken) - MOST_ROWS) > 0:
        lines.append(f"  and {more} more")
    if rules := sorted({each.rule for each in broken if each.rule}):
        lines.append(f"by the rule {', '.join(rules)}")
    return "\n".join(lines)


def _since(first: Disturbance) -> str:
    if not first.changes:
        return "a time at which no check of this process changed anything"
    near, *others = first.changes
    also = "".join(f"; {each.before:.2f} s before it {each.change}, by {each.check}" for each in others)
    return f"{near.before:.2f} s after the check {near.check} made this change: {near.change}{also}"


def _row(each: Disturbance) -> str:
    place = f"{each.vantage} on {each.node}" if each.node else f"{each.vantage} outside"
    return f"  {place} -> {each.door}: expected {each.expected}; {each.lost} x {each.seen}"
