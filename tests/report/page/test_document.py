"""The page as it is made: its table is there without a script, and text from elsewhere stays text."""

import base64
import gzip
import json
import re
from dataclasses import replace

import pytest

from svcproof.model.judgement import Observed
from svcproof.model.matrix import matrix
from svcproof.model.run import Finished
from svcproof.report import page

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)

CELL = re.compile(
    r'data-run="([0-9a-f]{12})" data-expected="([^"]*)" data-observed="([^"]*)"><button [^>]*aria-label="'
)


@pytest.fixture
def runs(every_kind):
    whole = replace(every_kind, finished=FINISHED, versions={"kubernetes": "v1.36.3"}, digest="a" * 64)
    return {"mine": whole, "cut off": replace(whole, finished=None, digest="b" * 64)}


def html(runs, by="kep"):
    return page.comparison(matrix(runs), by)


def test_each_behaviour_has_a_cell_for_each_run(runs):
    cells = CELL.findall(html(runs))

    assert [run for run, *_ in cells].count("a" * 12) == len(runs["mine"].behaviours)
    assert {observed for *_, observed in cells} <= set(Observed)


@pytest.mark.parametrize("by", ["kep", "area", "level", "outcome"])
def test_the_same_runs_give_the_same_bytes(runs, by):
    assert html(runs, by) == html(runs, by)


def test_a_run_that_is_not_complete_has_no_totals(runs):
    assert "incomplete</span>" in html({"cut off": runs["cut off"]})
    assert "</b> of " not in html({"cut off": runs["cut off"]})
    assert "</b> of " in html({"mine": runs["mine"]})


def test_no_number_is_a_percentage(runs):
    assert not re.search(r"\d\s?%", re.sub(r"<(style|script)[^>]*>.*?</\1>", "", html(runs), flags=re.DOTALL))


def test_the_facts_of_a_run_are_in_it(runs):
    packed = json.loads(re.search(r'id="run-aaaaaaaaaaaa">(.*?)</script>', html(runs))[1])
    lines = [json.loads(line) for line in gzip.decompress(base64.b64decode(packed)).splitlines()]

    assert [lines[0]["kind"], lines[1]["kind"], lines[-1]["kind"]] == ["run", "selection", "finished"]
    assert lines[-1]["digest"] == runs["mine"].digest


def test_markup_in_names_is_text(runs):
    hostile = "<script>alert(1)</script>\"'\u202e\ud800"
    behaviours = tuple(replace(each, requirement=hostile, area=hostile) for each in runs["mine"].behaviours)

    text = html({hostile: replace(runs["mine"], behaviours=behaviours)})

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not {"\u202e", "\ud800"} & set(text)


def test_the_page_of_one_run_has_what_failed_first(runs):
    run = runs["mine"]

    text = page.single(run, run.verdicts()).decode()

    titles = re.findall(r'scope="rowgroup">(.*?) <small>', text)
    assert titles[0] == "Failed"
    assert titles[-1] == "Shown, recorded or not claimed"


def test_a_run_of_nothing_has_a_page(runs):
    empty = replace(runs["mine"], behaviours=(), facts=(), started=())

    assert "No behaviour was selected." in page.single(empty, ()).decode()
