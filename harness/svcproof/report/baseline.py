"""The words about a run beside its baseline, on the terminal and in JUnit."""

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from svcproof.model.baseline import Comparison, Entry, Standing
from svcproof.model.run import Run
from svcproof.model.verdict import Verdict
from svcproof.printable import one_line
from svcproof.report.words import escaped, few, gist

STYLES: Mapping[Standing, str] = {
    Standing.UNLISTED: "bold red",
    Standing.OTHERWISE: "bold red",
    Standing.STALE: "bold red",
    Standing.EXPIRED: "bold red",
    Standing.EXPECTED: "yellow",
}


def sentence(comparison: Comparison) -> str:
    """The comparison of one behaviour in words, with what to do about it."""
    entry, verdict = comparison.entry, comparison.verdict
    ruling = f"it is `{verdict.ruling}`" if verdict else "the run did not select it"
    if entry is None:
        return f"{ruling}, and not in the baseline"
    match comparison.standing:
        case Standing.STALE:
            return f"holds, though the baseline lists it: take its entry out ({about(entry)})"
        case Standing.EXPIRED:
            return f"{ruling}, and its entry expired: mend it or renew the entry ({about(entry)})"
        case Standing.OTHERWISE:
            return f"{ruling}, and the baseline says `{entry.observed}`: see what has changed ({about(entry)})"
        case Standing.EXPECTED:
            return f"expected failure: {entry.why} ({about(entry)})"
        case Standing.HELD:
            return f"flaky by the baseline, and held this time ({about(entry)})"
    return f"its entry was not exercised: {ruling} ({about(entry)})"


def about(entry: Entry) -> str:
    """The issue, the owner and the last day of an entry."""
    return f"{entry.url}, {entry.owner}, until {entry.until}"


def listed_by_baseline(run: Run, verdicts: Sequence[Verdict]) -> Mapping[str, Comparison]:
    """The comparisons of the behaviours that the baseline of a run has an entry for, by their ids."""
    return {each.behaviour: each for each in run.beside_baseline(verdicts) if each.entry}


def baseline_lines(run: Run, verdicts: Sequence[Verdict]) -> Iterator[Text]:
    """The lines about a run beside its baseline, what fails the run first; none where it has no baseline."""
    compared = run.beside_baseline(verdicts)
    for standing in Standing:
        concerned = [comparison for comparison in compared if comparison.standing is standing]
        selected = [comparison for comparison in concerned if comparison.verdict]
        if concerned:
            yield escaped(f"\n{standing}", STYLES.get(standing, ""))
        yield from (escaped(f"  {one_line(each.behaviour)}: {gist(sentence(each))}") for each in selected)
        if others := [comparison.behaviour for comparison in concerned if not comparison.verdict]:
            yield escaped(f"  not selected by this run: {few(others)}", "dim")


def baseline_count(run: Run, verdicts: Sequence[Verdict]) -> str:
    """One line with the numbers of a run beside its baseline; empty where it has none."""
    if not run.header.baseline:
        return ""
    compared = run.beside_baseline(verdicts)
    counts = {standing: sum(each.standing is standing for each in compared) for standing in Standing}
    numbers = ", ".join(f"{number} {standing}" for standing, number in counts.items() if number)
    return f"baseline: {numbers or 'nothing in it, and nothing failed'}"
