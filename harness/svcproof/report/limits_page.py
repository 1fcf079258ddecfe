"""The named limits as a page of Markdown: docs/limits.md."""

from collections.abc import Iterator

from svcproof.limits import Judged, Limit, Provision, Request
from svcproof.report.markdown import inline

INTRODUCTION = """\
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


def page() -> str:
    """Return the page of all limits."""
    lines = [INTRODUCTION]
    for title, limits in GROUPS.items():
        lines += ["", f"## {title}", "", "| limit | seconds | within them | why so long |", "|---|---|---|---|"]
        lines += _rows(limits)
    return "\n".join(lines)


def _rows(limits: type[Limit]) -> Iterator[str]:
    for limit in limits:
        ceiling = f", at most {limit.ceiling:g}" if limit.ceiling < float("inf") else ""
        yield f"| `{limit.called}` | {limit.usual:g}{ceiling} | {inline(limit.what)} | {inline(limit.why)} |"
