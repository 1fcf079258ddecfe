"""The annotations of a run: the ten that GitHub shows of a step, by what is most worth them."""

from collections.abc import Sequence

from svcproof.model.run import COMPLETED, Header, Run
from svcproof.model.verdict import Verdict
from svcproof.printable import clipped, one_line
from svcproof.report.ci.workflow import Annotation, Severity
from svcproof.report.outcome import UNKNOWN, failures
from svcproof.report.words import divergence, few, gist

MOST = 10
"""Annotations of one kind that a step may have: what is beyond is dropped without a word."""
MOST_TEXT = 1000


def annotations(run: Run, verdicts: Sequence[Verdict]) -> list[Annotation]:
    """At most ten: failures by their level, one for all that could not be told, and one for what has no room."""
    against = failures(verdicts)
    unknown = _unknown(run, verdicts)
    room = MOST - len(unknown)
    if len(against) <= room:
        return [*(_failure(verdict, run.header) for verdict in against), *unknown]
    shown = [_failure(verdict, run.header) for verdict in against[: room - 1]]
    return [*shown, *unknown, _more(against[room - 1 :])]


def _failure(verdict: Verdict, header: Header) -> Annotation:
    behaviour = verdict.behaviour
    again = f"again: {one_line(header.again(behaviour.id, behaviour.node))}"
    lines = [f"{verdict.level}: {behaviour.requirement}", f"found: {divergence(verdict)}"]
    return Annotation(
        severity=Severity.ERROR if verdict.fails_the_run else Severity.WARNING,
        title=clipped(f"{verdict.ruling} {behaviour.id}"),
        text="\n".join([*(clipped(line, MOST_TEXT) for line in lines), again]),
    )


def _unknown(run: Run, verdicts: Sequence[Verdict]) -> list[Annotation]:
    unknown = [verdict for verdict in verdicts if verdict.ruling in UNKNOWN]
    incomplete = run.why != COMPLETED
    if not unknown and not incomplete:
        return []
    lines = [f"The run did not complete: {gist(run.why)}"] if incomplete else []
    lines += [few([verdict.behaviour.id for verdict in unknown])] if unknown else []
    lines += [f"The first: {gist(unknown[0].reason)}"] if unknown else []
    text = "\n".join(clipped(line, MOST_TEXT) for line in lines)
    return [Annotation(severity=Severity.WARNING, title=f"{len(unknown)} could not be told", text=text)]


def _more(verdicts: Sequence[Verdict]) -> Annotation:
    text = f"The summary of the job has them, with what was found. {few([each.behaviour.id for each in verdicts])}"
    return Annotation(severity=Severity.WARNING, title=f"{len(verdicts)} more did not hold", text=text)
