"""The words and colours of rulings, observations and durations wherever a terminal shows them."""

import re
from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from svcproof.model.run import Header
from svcproof.model.verdict import Ruling, Verdict
from svcproof.printable import one_line, printable

STYLES = {
    Ruling.PASS: "green",
    Ruling.FAIL: "bold red",
    Ruling.FLAKY: "bold red",
    Ruling.WEAK: "yellow",
    Ruling.ERROR: "bold magenta",
    Ruling.BLOCKED: "magenta",
    Ruling.RECORDED: "cyan",
    Ruling.DEVIATES: "yellow",
}
AGAINST = (Ruling.FAIL, Ruling.FLAKY, Ruling.WEAK)
"""Rulings that speak against the proxy."""
TOLD_AT_ONCE = (*AGAINST, Ruling.ERROR, Ruling.BLOCKED)
MOST_OBSERVATIONS = 12
FROM_API = "API: "
"""Begins an observation that was read from the API, not seen on the data path."""


def escaped(text: str, style: str = "") -> Text:
    """A text for the terminal: no character of it is obeyed, hidden or taken for markup."""
    return Text(printable(text), style=style)


def styled(ruling: Ruling, text: str) -> Text:
    """A text in its ruling's colour."""
    return escaped(text, STYLES.get(ruling, ""))


def clock(seconds: float) -> str:
    """A duration as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def gist(text: str) -> str:
    """The first line that says something; where it only announces what follows, the last one too."""
    lines = printable(text).strip().split("\n")
    return f"{lines[0]} ... {lines[-1].strip()}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


def compact(observations: Sequence[str], told: str = "") -> list[str]:
    """Observations with equal ones counted, whatever time they took; of many, the last ones, which decided.

    Those that the text `told` already has are left out, and what was read from the API where there is more.
    """
    probes = [line for line in observations if not line.startswith(FROM_API)] or observations
    times = Counter(re.sub(r" after [0-9.]+ s$", "", line) for line in probes)
    lines = [f"{count} x {line}" if count > 1 else line for line, count in times.items() if line not in told]
    if len(lines) <= MOST_OBSERVATIONS:
        return lines
    return [f"({len(lines) - MOST_OBSERVATIONS} earlier ones are in run.jsonl)", *lines[-MOST_OBSERVATIONS:]]


def explain(verdict: Verdict, header: Header) -> Text:
    """A verdict in full: the requirement, its source, expected and seen, and the command to run it again."""
    behaviour = verdict.behaviour
    text = styled(verdict.ruling, f"{verdict.ruling.upper()} {one_line(behaviour.id)}")
    level = f"{behaviour.level}, optional for proxies" if verdict.optional else behaviour.level
    level += f", from Kubernetes {behaviour.binding} on" if verdict.pending else ""
    text.append(escaped(f"  {level}, {behaviour.by} answers for it\n", "dim"))
    text.append(escaped(f"  {one_line(behaviour.requirement)}\n"))
    text.append(escaped(f"  {one_line(behaviour.spec)}\n", "dim"))
    if behaviour.promise:
        text.append(escaped(f"  {behaviour.promise}\n", "dim"))
    if behaviour.because:
        text.append(escaped(f"  because: {one_line(behaviour.because)}\n", "dim"))
    text.append(_indented(verdict.reason.strip(), "    "))
    if verdict.fact and (besides := compact(verdict.fact.observations, told=verdict.reason)):
        text.append("  seen besides:\n" if "seen:" in verdict.reason else "  seen:\n")
        text.append(_indented("\n".join(besides), "    "))
    text.append(escaped(f"  again: {one_line(header.again(behaviour.id, behaviour.node))}\n"))
    return text


def _indented(text: str, margin: str) -> Text:
    return escaped("".join(f"{margin}{line}\n" for line in printable(text).split("\n")))
