"""The annotations of a run: the ten that GitHub shows of a step, by what is most worth them."""

from collections.abc import Sequence

from svcproof.model.header import Header
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import REFUTED, Ruling, Verdict
from svcproof.printable import clipped, one_line
from svcproof.report.baseline import sentence
from svcproof.report.ci.workflow import Annotation, Severity
from svcproof.report.outcome import UNKNOWN, Concern, concerns
from svcproof.report.words import again, divergence, few, gist

MOST = 10
"""Annotations of one kind that a step may have: what is beyond is dropped without a word."""
MOST_TEXT = 1000


def annotations(run: Run, verdicts: Sequence[Verdict]) -> list[Annotation]:
    """At most ten: what is otherwise than the baseline says, failures by level, and one for all that could not be told.

    Where these do not fit, the last one says how many more there are. An expected failure has none.
    """
    against = [concern for concern in concerns(run, verdicts) if not concern.is_expected]
    unknown = _unknown(run, verdicts)
    room = MOST - len(unknown)
    if len(against) <= room:
        return [*(_failure(concern, run.header) for concern in against), *unknown]
    shown = [_failure(concern, run.header) for concern in against[: room - 1]]
    return [*shown, *unknown, _more(against[room - 1 :])]


def _failure(concern: Concern, header: Header) -> Annotation:
    verdict = concern.verdict
    behaviour = verdict.behaviour
    command = f"again: {one_line(again(verdict, header))}"
    lines = [f"baseline: {sentence(concern.compared)}"] if concern.compared else []
    lines += [f"{verdict.level}: {behaviour.requirement}"]
    lines += [f"found: {divergence(verdict)}"] if verdict.ruling in REFUTED else []
    return Annotation(
        severity=Severity.ERROR if concern.fails else Severity.WARNING,
        title=clipped(f"{verdict.ruling} {behaviour.id}"),
        text="\n".join([*(clipped(line, MOST_TEXT) for line in lines), command]),
    )


def _unknown(run: Run, verdicts: Sequence[Verdict]) -> list[Annotation]:
    unknown = [verdict for verdict in verdicts if verdict.ruling in UNKNOWN or verdict.ruling is Ruling.NOT_RUN]
    incomplete = run.why != COMPLETED
    if not unknown and not incomplete:
        return []
    lines = [f"The run did not complete: {gist(run.why)}"] if incomplete else []
    lines += [few([verdict.behaviour.id for verdict in unknown])] if unknown else []
    lines += [f"The first: {gist(unknown[0].reason)}"] if unknown else []
    text = "\n".join(clipped(line, MOST_TEXT) for line in lines)
    return [Annotation(severity=Severity.WARNING, title=f"{len(unknown)} could not be told, or not run", text=text)]


def _more(rest: Sequence[Concern]) -> Annotation:
    ids = few([concern.verdict.behaviour.id for concern in rest])
    text = f"The summary of the job has them, with what was found. {ids}"
    severity = Severity.ERROR if any(concern.fails for concern in rest) else Severity.WARNING
    return Annotation(severity=severity, title=f"and {len(rest)} more: see the summary", text=text)
