"""The words and colours of rulings, events and durations wherever a terminal shows them."""

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from svcproof.model.behaviour import Part
from svcproof.model.event import Event
from svcproof.model.header import Header
from svcproof.model.verdict import REFUTED, Ruling, Verdict
from svcproof.printable import one_line, printable
from svcproof.report.evidence import described
from svcproof.report.story import sentence

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
TOLD_AT_ONCE = (*REFUTED, Ruling.ERROR, Ruling.BLOCKED)
MOST_LINES = 12
NAMED = 8
"""Behaviours named where many have something in common."""
UNITS = ((1e9, " billion"), (1e6, " million"), (1e3, " thousand"), (1, ""))
MOST_ODDS = 1e12


def escaped(text: str, style: str = "") -> Text:
    """A text for the terminal: no character of it is obeyed, hidden or taken for markup."""
    return Text(printable(text), style=style)


def styled(ruling: Ruling, text: str) -> Text:
    """A text in its ruling's colour."""
    return escaped(text, STYLES.get(ruling, ""))


def clock(seconds: float) -> str:
    """A duration as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def odds(probability: float) -> str:
    """A small probability as odds, in words: 1 in 2.3 million."""
    number = float(f"{1 / max(probability, 1 / MOST_ODDS):.2g}")
    if number >= MOST_ODDS:
        return "1 in more than a thousand billion"
    unit, name = next((unit, name) for unit, name in UNITS if number >= unit)
    return f"1 in {number / unit:g}{name}"


def gist(text: str) -> str:
    """The first line that says something; where it only announces what follows, the last one too."""
    lines = printable(text).strip().split("\n")
    return f"{lines[0]} ... {lines[-1].strip()}" if lines[0].endswith(":") and len(lines) > 1 else lines[0]


def divergence(verdict: Verdict) -> str:
    """The sentence on what diverged first, or all of the reason on one line where nothing did that is known."""
    fact = verdict.fact
    return fact.divergence.sentence if fact and fact.divergence else " ".join(verdict.reason.split())


def compact(events: Sequence[Event], told: str = "") -> list[str]:
    """Describe what was seen, with equal lines counted, whatever time they took; of many, the last ones, which decided.

    Those that the text `told` already has are left out, and what was read from the API where there is more.
    """
    swept = {event.step for event in events if event.sweep and event.sweep.differences}
    # The table of a sweep says all that its probes say.
    looks = [event for event in events if not (event.change or event.harness or event.step in swept)]
    times: Counter[str] = Counter()
    for event in [event for event in looks if event.reading is None] or ([] if swept else looks):
        times[sentence(event.what)] += event.count
    lines = [f"{count} x {line}" if count > 1 else line for line, count in times.items() if line not in told]
    if len(lines) <= MOST_LINES:
        return lines
    return [f"({len(lines) - MOST_LINES} earlier ones are in run.jsonl)", *lines[-MOST_LINES:]]


def few(ids: Sequence[str]) -> str:
    """The number of behaviours and the ids of the first; the run file has them all."""
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{len(ids)}: {one_line(', '.join(ids[:NAMED]))}{more}"


def explain(verdict: Verdict, header: Header) -> Text:
    """A verdict in full: the requirement, its source, expected and seen, and the command to run it again."""
    behaviour = verdict.behaviour
    text = styled(verdict.ruling, f"{verdict.ruling.upper()} {one_line(behaviour.id)}")
    level = f"{behaviour.level}, optional for proxies" if verdict.optional else behaviour.level
    level += f", from Kubernetes {behaviour.must_from} on" if verdict.pending else ""
    text.append(escaped(f"  {level}, {behaviour.by} answers for it\n", "dim"))
    text.append(escaped(f"  {one_line(behaviour.requirement)}\n"))
    text.append(escaped(f"  {one_line(behaviour.spec)}\n", "dim"))
    if behaviour.promise:
        text.append(escaped(f"  {behaviour.promise}\n", "dim"))
    if behaviour.because:
        text.append(escaped(f"  because: {one_line(behaviour.because)}\n", "dim"))
    if verdict.fact and verdict.fact.divergence:
        text.append(escaped(f"  found: {one_line(verdict.fact.divergence.sentence)}\n", "bold"))
    text.append(_indented(verdict.reason.strip(), "    "))
    if verdict.fact and (besides := compact(verdict.fact.events, told=verdict.reason)):
        text.append("  seen besides:\n" if "seen:" in verdict.reason else "  seen:\n")
        text.append(_indented("\n".join(besides), "    "))
    if (
        verdict.fact
        and verdict.fact.evidence
        and (lines := described(verdict.fact.evidence, rules=behaviour.by is Part.PROXY))
    ):
        text.append(_indented("\n".join(lines), "  "))
    text.append(escaped(f"  again: {one_line(again(verdict, header))}\n"))
    return text


def again(verdict: Verdict, header: Header) -> str:
    """The command that makes the check again; with the check beside which a bystander broke, where one did."""
    behaviour, beside = verdict.behaviour, verdict.fact.beside if verdict.fact else ""
    if beside and not behaviour.node and beside != behaviour.id:
        return header.again(f"{beside} or {behaviour.id}")
    return header.again(behaviour.id, behaviour.node)


def _indented(text: str, margin: str) -> Text:
    return escaped("".join(f"{margin}{line}\n" for line in printable(text).split("\n")))
