"""TAP 14 of a run: a test point for each behaviour, in the order of its report, as JUnit has a testcase.

https://testanything.org/tap-version-14-specification.html
"""

from collections.abc import Iterator, Sequence

from svcproof.model.baseline import Comparison, Standing
from svcproof.model.run import COMPLETED, Run
from svcproof.model.verdict import Verdict
from svcproof.printable import clipped, one_line, printable
from svcproof.report.baseline import listed_by_baseline, sentence
from svcproof.report.junit import THE_END, element_of
from svcproof.report.words import again, divergence, gist

MOST_TEXT = 2000
"""Characters of a reason."""


def content(run: Run, verdicts: Sequence[Verdict]) -> bytes:
    """The content of a file; the same run gives the same bytes."""
    compared = listed_by_baseline(run, verdicts)
    points = [_point(verdict, run, compared.get(verdict.behaviour.id)) for verdict in verdicts]
    if run.why != COMPLETED:
        points.append(("not ok", THE_END, "", _diagnosis({"severity": "error", "message": gist(run.why)})))
    lines = ["TAP version 14", f"1..{len(points)}"]
    for number, (result, name, directive, diagnosis) in enumerate(points, 1):
        lines += [f"{result} {number} - {_escaped(name)}{directive}", *diagnosis]
    return ("\n".join(lines) + "\n").encode()


def _point(verdict: Verdict, run: Run, listed: Comparison | None) -> tuple[str, str, str, list[str]]:
    """A test point: its result, its name, its directive and the lines of its diagnosis.

    A failure that the baseline lists is one that is still to be mended.
    """
    behaviour, element = verdict.behaviour, element_of(verdict, listed)
    beside = sentence(listed) if listed else ""
    expected = listed is not None and listed.standing is Standing.EXPECTED
    if element == "skipped" and not expected:
        reason = beside or f"{verdict.ruling}: {gist(verdict.reason)}"
        return "ok", behaviour.id, f" # SKIP {_escaped(reason)}", []
    about = {"severity": str(verdict.ruling), "level": str(verdict.level)}
    about |= {"baseline": beside} if beside else {}
    if not element:
        message = {"message": gist(verdict.reason)} if verdict.reason else {}
        return "ok", behaviour.id, "", _diagnosis(about | message) if message else []
    about |= {"message": divergence(verdict), "requirement": behaviour.requirement, "spec": behaviour.spec}
    about["again"] = again(verdict, run.header)
    return "not ok", behaviour.id, f" # TODO {_escaped(beside)}" if expected else "", _diagnosis(about)


def _diagnosis(values: dict[str, str]) -> list[str]:
    """A block of YAML in which each value is a text of one line."""
    return ["  ---", *_mapping(values), "  ..."]


def _mapping(values: dict[str, str]) -> Iterator[str]:
    for key, value in values.items():
        text = clipped(value, MOST_TEXT).replace("'", "''")
        yield f"  {key}: '{text}'"


def _escaped(text: str) -> str:
    """A name or a reason, in which `#` would begin a directive and a backslash an escape."""
    return one_line(printable(text)).replace("\\", "\\\\").replace("#", r"\#").strip()
