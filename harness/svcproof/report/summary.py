"""The report on the terminal, of a run or a run file: areas, all but plain passes, and what was covered."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from svcproof.model.chance import combined
from svcproof.model.fact import Finding
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import REFUTED, Ruling, Verdict
from svcproof.printable import one_line
from svcproof.report.baseline import baseline_count, baseline_lines
from svcproof.report.bystanders import bystander_lines
from svcproof.report.convergence import convergence_lines
from svcproof.report.evidence import described
from svcproof.report.outcome import outcome
from svcproof.report.words import escaped, few, gist, odds, styled


def render(run: Run, verdicts: Sequence[Verdict], results: Path) -> RenderableType:
    """The report of a run; `results` is where its files are."""
    blocks = [_areas(verdicts)] if verdicts else []
    told = (
        *_details(verdicts, run.why),
        *baseline_lines(run, verdicts),
        *convergence_lines(run),
        *bystander_lines(run),
    )
    return Group(*blocks, *told, *_conclusion(run, verdicts, results))


def _areas(verdicts: Sequence[Verdict]) -> Table:
    """One row per area and one for all, with a column for each ruling that occurs."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("area")
    occurring = [ruling for ruling in Ruling if any(verdict.ruling is ruling for verdict in verdicts)]
    for ruling in occurring:
        table.add_column(ruling, justify="right")
    areas: dict[str, Counter[Ruling]] = defaultdict(Counter)
    for verdict in verdicts:
        areas[verdict.behaviour.area][verdict.ruling] += 1
        areas["all"][verdict.ruling] += 1
    total = areas.pop("all")
    for area, counts in [*sorted(areas.items()), ("all", total)]:
        table.add_row(escaped(one_line(area)), *(styled(ruling, str(counts[ruling] or "")) for ruling in occurring))
    return table


def _details(verdicts: Sequence[Verdict], why: str) -> Iterator[Text]:
    """Everything that is no plain pass: what speaks against the proxy one by one, the rest by its reason."""
    for ruling in Ruling:
        concerned = [verdict for verdict in verdicts if verdict.ruling is ruling]
        if not concerned or ruling is Ruling.PASS:
            continue
        yield styled(
            ruling, f"\n{ruling}{': left open by Kubernetes, it goes here' if ruling is Ruling.RECORDED else ''}"
        )
        if ruling in REFUTED or ruling is Ruling.RECORDED:
            yield from (escaped(f"  {one_line(verdict.behaviour.id)}: {gist(verdict.reason)}") for verdict in concerned)
        else:
            yield from _by_reason(concerned, why)
    if flagged := [verdict for verdict in verdicts if verdict.claim_flagged]:
        yield escaped("\nclaimed too little", "yellow")
        yield from (escaped(f"  {one_line(verdict.behaviour.id)}: {gist(verdict.reason)}") for verdict in flagged)


def _by_reason(verdicts: Sequence[Verdict], why: str) -> Iterator[Text]:
    """Reasons and who shares them; `why` the run was not complete is told once, in the conclusion."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for verdict in verdicts:
        reasons[verdict.cause or verdict.reason.removeprefix(f"{why}: ")].append(verdict.behaviour.id)
    for reason, ids in reasons.items():
        yield escaped(f"  {gist(reason)}")
        yield escaped(f"    {few(ids)}", "dim")


def _conclusion(run: Run, verdicts: Sequence[Verdict], results: Path) -> Iterator[Text]:
    numbers = outcome(run, verdicts)
    if run.why != COMPLETED:
        yield escaped(f"\nnot complete: {run.why.strip()}", "bold magenta")
        if run.finished and run.finished.evidence:
            yield from (escaped(line) for line in described(run.finished.evidence))
    if numbers.core:
        yield escaped(f"\n{numbers.shown} of {numbers.core} core behaviours could be shown here.")
    elif verdicts or run.finished:
        yield escaped("\nNo core behaviour was selected.")
    else:
        yield escaped("\nThe run file ends before it says which behaviours were selected.")
    if count_beside := baseline_count(run, verdicts):
        yield escaped(count_beside)
    yield from _cautions(run)
    yield escaped(one_line(f"{_about(run, len(verdicts))}; svcproof {run.header.svcproof}; results in {results}"))


def _cautions(run: Run) -> Iterator[Text]:
    """Cautions to a reader who relies on the verdicts: second tries, and the chance of a false alarm."""
    if run.retries:
        checks = f"{len(run.retries)} check{'' if len(run.retries) == 1 else 's'}"
        held = sum(fact.finding is Finding.CONFIRMED for fact in run.retries)
        yield escaped(f"tried once more, alone, since the machine was starved: {checks}, of which {held} held then")
    if run.chances:
        chance = odds(combined(chance.probability for chance in run.chances))
        checks = f"{len(run.chances)} check{'' if len(run.chances) == 1 else 's'}"
        yield escaped(f"chance of a false alarm in this run: {chance}, from {checks}")


def _about(run: Run, behaviours: int) -> str:
    """The proxy and the cluster, the options that change what a run finds, and its extent."""
    header = run.header
    order = f" with --seed {header.seed}" if header.seed is not None else ""
    patience = f" with --patience {', '.join(header.patience)}" if header.patience else ""
    count = f"{behaviours} behaviour{'' if behaviours == 1 else 's'}"
    took = f"in {run.finished.seconds:.1f} s" if run.finished else f"selected, {run.checked} of them checked"
    return f"{header.proxy.name} on {header.cluster.name}{header.with_faults}{patience}{order}: {count} {took}"
