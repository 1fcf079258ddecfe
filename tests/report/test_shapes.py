"""One run in every shape: JUnit, TAP, Markdown and the matrix have equal numbers, whatever words it holds."""

import re
from collections import Counter
from xml.etree import ElementTree as ET

import html5lib
import pytest
from markdown_it import MarkdownIt

from svcproof.model.judgement import Observed
from svcproof.model.matrix import count, matrix
from svcproof.model.run import Run
from svcproof.report import junit, pull_request
from svcproof.report.ci import tap
from svcproof.report.ci.annotations import MOST, annotations
from svcproof.report.comparison.words import shown
from svcproof.report.outcome import outcome
from tests.synthetic.runs import runs

RUNS = runs(80, 12)
EVERY = pytest.mark.parametrize("run", RUNS.values(), ids=map(ascii, RUNS))
OURS = {
    "html",
    "head",
    "body",
    "p",
    "strong",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "h3",
    "ul",
    "li",
    "a",
}
OURS |= {"pre", "details", "summary"}
FAILED = (Observed.FAIL, Observed.FLAKY)
SKIPPED = (Observed.UNTESTABLE, Observed.DECLINED, Observed.DEVIATES, Observed.NOT_RUN)


def observed(run: Run) -> Counter[Observed]:
    return Counter(row.cells[0].observed for row in matrix({"run": run}).rows)


@EVERY
def test_junit_has_the_numbers_of_the_matrix(run: Run) -> None:
    suite = ET.fromstring(junit.content(run, run.verdicts()))[0]
    counts, more = observed(run), int(run.why != "completed")

    assert int(suite.get("tests", "")) == counts.total() + more
    assert int(suite.get("failures", "")) == sum(counts[each] for each in FAILED)
    assert int(suite.get("errors", "")) == counts[Observed.UNKNOWN] + more
    assert int(suite.get("skipped", "")) == sum(counts[each] for each in SKIPPED)


@EVERY
def test_tap_has_the_numbers_of_junit(run: Run) -> None:
    suite = ET.fromstring(junit.content(run, run.verdicts()))[0]
    lines = [line for line in tap.content(run, run.verdicts()).decode().splitlines() if not line.startswith("  ")]

    assert lines[1] == f"1..{suite.get('tests')}"
    assert len(lines) == int(suite.get("tests", "")) + 2
    bad = sum(line.startswith("not ok ") for line in lines)
    assert bad == int(suite.get("failures", "")) + int(suite.get("errors", ""))
    assert sum(" # SKIP " in line for line in lines) == int(suite.get("skipped", ""))


@EVERY
def test_markdown_has_the_numbers_of_the_matrix_and_obeys_no_text(run: Run) -> None:
    text = pull_request.content(run, run.verdicts()).decode()
    whole = matrix({"run": run})
    numbers = outcome(run, run.verdicts())

    assert f"| all | {shown(count(whole.rows, 0), whole.columns[0])} |" in text
    assert numbers.sentence in text.splitlines()[0]
    assert len(text.encode()) <= pull_request.LARGEST
    page = html5lib.parse(MarkdownIt("commonmark").enable("table").render(text), namespaceHTMLElements=False)
    assert {element.tag for element in page.iter()} <= OURS
    assert {element.get("href", "https")[:5] for element in page.iter()} == {"https"}


@EVERY
def test_annotations_are_ten_at_most_and_a_line_each(run: Run) -> None:
    told = annotations(run, run.verdicts())

    assert len(told) <= MOST
    assert all(re.fullmatch("::(error|warning) title=[^:,]*::.*", each.command) for each in told)
    assert all(each.command.isprintable() for each in told)


def test_the_runs_are_not_all_alike() -> None:
    """Or nothing of the above could fail."""
    assert len({tuple(sorted(observed(run).items())) for run in RUNS.values()}) > 5
    assert {outcome(run, run.verdicts()).word for run in RUNS.values()} > {"failed"}
