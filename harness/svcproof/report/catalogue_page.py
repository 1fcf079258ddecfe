"""The catalogue of behaviours as a page of Markdown: docs/behaviours.md."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.report.markdown import inline, link

INTRODUCTION = """\
# What is checked

{count} behaviours, {core} of them core: a MUST that needs no feature that a proxy may leave out. Each has its level,
which leads to the clause; the part of the cluster that answers for it; and, after "needs", the capabilities of the
cluster and the features of the proxy without which it says nothing. Each MUST also has the sentence of the clause
that it follows from, in our words, and the proxy that would be right to do otherwise, if there is one. [From a fact
to an exit code](verdicts.md) says what follows from a level. This page is made by
`svcproof list --markdown`."""


def page(behaviours: Sequence[Behaviour]) -> str:
    """Return the page of these behaviours, which are sorted by area."""
    lines = [INTRODUCTION.format(count=len(behaviours), core=sum(behaviour.core for behaviour in behaviours))]
    for area, members in groupby(behaviours, key=lambda behaviour: behaviour.area):
        lines += ["", f"## {inline(area)}"]
        for behaviour in members:
            lines += ["", f"### {inline(behaviour.id)}", "", *_entry(behaviour)]
    return "\n".join(lines)


def _entry(behaviour: Behaviour) -> Iterator[str]:
    needs = ", ".join(behaviour.needs)
    heading = f"{link(behaviour.level, behaviour.spec)}, {behaviour.by}"
    yield f"{heading}; needs {needs}" if needs else heading
    yield ""
    yield inline(behaviour.requirement)
    if behaviour.because:
        yield ""
        yield f"*Because:* {inline(behaviour.because)}"
    if behaviour.otherwise:
        yield ""
        yield f"*Legitimately otherwise:* {inline(behaviour.otherwise)}"
    elif behaviour.because and behaviour.level is Level.MUST and behaviour.by is Part.PROXY:
        yield ""
        yield "*Legitimately otherwise:* none."
