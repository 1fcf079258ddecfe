"""Pages of Markdown: the catalogue of behaviours, docs/behaviours.md, and the named limits, docs/limits.md."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import quote

from svcproof.limits import Judged, Limit, Provision, Request
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.keps import KEPS, called
from svcproof.printable import printable

BEHAVIOURS = """\
# What is checked

{count} behaviours, {core} of them core: a MUST that needs no feature that a proxy may leave out. Each has its level,
which leads to the clause; the part of the cluster that answers for it; the Kubernetes enhancement (KEP) that promises
it, if one does, with the release in which that became stable, where the promise is no older; and, after "needs", the
capabilities of the cluster and the features of the proxy without which it says nothing. Each MUST also has the
sentence of the clause that it follows from, in our words, and the proxy that would be right to do otherwise, if there
is one. [From a fact to an exit code](verdicts.md) says what follows from a level, and from a release. This page is made
by `svcproof list --markdown`."""
LIMITS = """\
# How long is waited for what

Every wait has a limit with a name. `svcproof run --patience 2` doubles all of them, for a slow machine;
`--patience pod-ready=4` has another factor for one; both can be given, several times. A factor is a number from 1 to
100. The run file and the reports say with which patience a run was made: it is part of what its verdicts are worth.

More patience means a longer wait for what should happen. It must not make a broken proxy good, so that:

* a limit is not stretched beyond its ceiling, nor a larger number that a proxy declares: what is broken would put
  itself right by then;
* what must hold or stay silent is watched for as long as ever;
* a number that a check of your own gives, as `within=5`, is taken as it is: a limit, as `within=Judged.NAMES_RESOLVED`,
  is not.

This page is made by `svcproof limits`."""
GROUPS: dict[str, type[Limit]] = {
    "What decides a verdict": Judged,
    "What a run builds on": Provision,
    "What is answered at once": Request,
}


def behaviours_page(behaviours: Sequence[Behaviour], group_by: str = "area") -> str:
    """Return the page of these behaviours, which are sorted by area, or by `kep`, with a section for each."""
    lines = [BEHAVIOURS.format(count=len(behaviours), core=sum(behaviour.core for behaviour in behaviours))]
    for title, members in groupby(behaviours, key=lambda one: called(one.kep) if group_by == "kep" else one.area):
        lines += ["", f"## {inline(title)}"]
        for behaviour in members:
            lines += ["", f"### {inline(behaviour.id)}", "", *_entry(behaviour)]
    return "\n".join(lines)


def _entry(behaviour: Behaviour) -> Iterator[str]:
    needs = ", ".join(behaviour.needs)
    heading = "; ".join(filter(None, (f"{link(behaviour.level, behaviour.spec)}, {behaviour.by}", _promise(behaviour))))
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


def _promise(behaviour: Behaviour) -> str:
    """The enhancement, with a link to it where its place is known, and the releases that matter."""
    kep = KEPS.get(behaviour.kep or 0)
    linked = link(f"KEP-{kep.number}", kep.url) if kep else f"KEP-{behaviour.kep}" if behaviour.kep else ""
    beta = behaviour.beta and f"on by default since {behaviour.beta}"
    since = behaviour.since and f"{'stable ' if beta else ''}since {behaviour.since}"
    binding = behaviour.binding and f"binding from {behaviour.binding} on"
    return ", ".join(filter(None, (linked, beta, since, binding)))


def limits_page() -> str:
    """Return the page of all limits."""
    lines = [LIMITS]
    for title, limits in GROUPS.items():
        lines += ["", f"## {title}", "", "| limit | seconds | within them | why so long |", "|---|---|---|---|"]
        lines += _rows(limits)
    return "\n".join(lines)


def _rows(limits: type[Limit]) -> Iterator[str]:
    for limit in limits:
        ceiling = f", at most {limit.ceiling:g}" if limit.ceiling < float("inf") else ""
        yield f"| `{limit.called}` | {limit.usual:g}{ceiling} | {inline(limit.what)} | {inline(limit.why)} |"


def inline(text: str) -> str:
    """The text as part of a paragraph, a heading or a cell of a table: nothing of it is taken for markup."""
    line = " ".join(printable(text).split("\n"))
    line = re.sub(r"[\\*\[\]|]", r"\\\g<0>", line)
    return line.replace("<", "&lt;").replace(">", "&gt;")


def link(text: str, url: str) -> str:
    """A link that leads to the URL."""
    return f"[{inline(text)}]({quote(url, safe=':/?#@!$&+,;=%~*', errors='backslashreplace')})"
