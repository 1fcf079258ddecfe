"""The numbers of a comparison are the same on a terminal, in Markdown, in CSV and on the page."""

import csv
import io
import re
from collections import Counter

import html5lib
import pytest
from rich.console import Console

from svcproof.model.judgement import TESTED, Expected, Observed
from svcproof.model.matrix import count, matrix
from svcproof.report import page
from svcproof.report.comparison import markdown, table
from svcproof.report.comparison.terminal import render
from svcproof.report.comparison.words import GROUPS
from tests.synthetic.runs import runs

SHOWN = re.compile(r"(\d+) of (\d+)\b(?! runs)")
UNCOUNTED = {Expected.MAY, Expected.NOT_PROMISED}


@pytest.fixture(scope="module")
def compared():
    return matrix({str(number): run for number, run in enumerate(runs(120).values())})


@pytest.fixture(scope="module")
def totals(compared):
    return numbers_of(compared)


def numbers_of(several):
    """How many rows are shown, of how many that were tested, for each enhancement and each complete run."""
    numbers = Counter()
    for rows in several.grouped(GROUPS["kep"]).values():
        for number, column in enumerate(several.columns):
            counted = count(rows, number)
            if column.complete and counted.tested:
                numbers[str(counted.shown), str(counted.tested)] += 1
    return numbers


def test_in_markdown(compared, totals):
    _, _, text = markdown.compared(compared, "kep").partition("shown, by kep")
    lines = text.partition("\n\n")[0].splitlines()

    assert Counter(pair for line in lines if "| all |" not in line for pair in SHOWN.findall(line)) == totals


def test_the_runs_that_show_a_promise_in_full_are_those_that_show_all_of_what_they_tested(compared):
    _, _, text = markdown.compared(compared, "kep").partition("shown, by kep")
    lines = [line for line in text.partition("\n\n")[0].splitlines() if re.search(r"\d of \d+ runs", line)]

    for line in lines:
        (full, of), *_ = re.findall(r"(\d+) of (\d+) runs", line)
        cells = [cell for cell in line.split("|")[4:-1] if " of " in cell or " unknown" in cell]
        whole = [re.fullmatch(r"(\d+) of \1(, \d+ not shown here)?", cell.strip()) for cell in cells]
        assert (int(full), int(of)) == (sum(map(bool, whole)), len(cells)), line
    assert len(lines) > 5


def on_terminal(several):
    text = io.StringIO()
    Console(file=text, width=400).print(render(several, "kep"), soft_wrap=True)
    return text.getvalue()


def test_on_a_terminal(compared):
    """There, of many runs only the totals are listed, each in a line."""
    wholes = [count(compared.rows, number) for number, column in enumerate(compared.columns) if column.complete]

    lines = on_terminal(compared).partition("They differ")[0]

    assert SHOWN.findall(lines) == [(str(whole.shown), str(whole.tested)) for whole in wholes]


def test_on_a_terminal_of_few_runs():
    few = matrix({str(number): run for number, run in enumerate(runs(120, 3).values())})
    _, _, text = on_terminal(few).partition("shown, by kep")
    lines = re.split(r"\n\s*\n", text)[0].splitlines()

    assert Counter(pair for line in lines if not line.startswith("all ") for pair in SHOWN.findall(line)) == numbers_of(
        few
    )


def test_on_the_page(compared, totals):
    document = html5lib.parse(page.comparison(compared, "kep"), namespaceHTMLElements=False)
    rows = document.find(".//table[@id='promises']").find("tbody").findall("tr")
    cells = ("".join(cell.itertext()) for row in rows if row.get("class") != "all" for cell in row.iter("td"))

    assert Counter(pair for cell in cells for pair in SHOWN.findall(cell)) == totals


def test_in_csv(compared, totals):
    numbers = Counter()
    lines = list(csv.DictReader(io.StringIO(table.compared(compared))))
    for kep in {line["kep"] for line in lines}:
        for column in compared.columns:
            marks = [
                line[f"{column.name}: observed"]
                for line in lines
                if line["kep"] == kep and line[f"{column.name}: expected"] not in UNCOUNTED
            ]
            if column.complete and (tested := sum(mark in TESTED for mark in marks)):
                numbers[str(marks.count(Observed.PASS)), str(tested)] += 1

    assert numbers == totals
