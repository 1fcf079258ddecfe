"""Mistakes in a run whose lines are each one of a run file, and whose seals hold: pure functions of a run."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from svcproof.model.judgement import EDITION, Expected, Judged, Judgement, Observed
from svcproof.model.run import Run
from svcproof.printable import one_line, quoted


def incoherent(run: Run, version: str) -> Iterator[str]:
    """Yield what does not fit together in a run that was read; `version` is that of the svcproof which reads it.

    A reader that does not judge takes the judgements as they are. So they are refused where this svcproof, which is
    that of the run, comes to others by the same facts and rules.
    """
    if not _is_time(run.header.started):
        yield f"its first line says that it began at {quoted(run.header.started)}, which is no time in ISO 8601"
    twice = [name for name, count in Counter(behaviour.id for behaviour in run.behaviours).items() if count > 1]
    if twice:
        yield f"it selects {one_line(twice[0])} more than once"
    elif run.judgements and run.header.svcproof == version and run.header.judging == EDITION:
        yield from _misjudged(run, run.judgements)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def misjudged(run: Run, marks: Callable[[Judgement], object]) -> list[str]:
    """The behaviours whose judgement in the file is not what follows from the facts, or is not there.

    `marks` are what is compared of a judgement.
    """
    stored = {each.id: marks(each) for each in run.judgements.judgements} if run.judgements else {}
    right = {each.id: marks(each) for each in run.judged(run.verdicts()).judgements}
    return sorted(name for name in {*stored, *right} if stored.get(name) != right.get(name))


def _misjudged(run: Run, stored: Judged) -> Iterator[str]:
    names = [judgement.id for judgement in stored.judgements]
    is_otherwise = names != [behaviour.id for behaviour in run.behaviours]
    if wrong := misjudged(run, _marks) or (sorted(names) if is_otherwise else []):
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        yield (
            f"its line of judgements is not what follows from its facts, for {one_line(wrong[0])}{more}: "
            "that line or a fact was edited, so take the file as the run wrote it, or run again"
        )


def _marks(judgement: Judgement) -> tuple[Expected, Observed, bool]:
    return judgement.expected, judgement.observed, judgement.flagged
