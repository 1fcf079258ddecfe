"""Pictures of convergence: the same each time, readable without colour and without eyes, and not needed for a page."""

import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from svcproof.model.fact import Finding
from svcproof.model.matrix import matrix
from svcproof.printable import one_line
from svcproof.report import page
from svcproof.report.pictures import figures
from svcproof.report.pictures.strips import strips
from tests.pages.markup import mistakes
from tests.synthetic.runs import KINDS, runs
from tests.synthetic.words import HOSTILE


@pytest.fixture(scope="module")
def compared():
    return matrix(
        {f"{number} {name}": run for number, (name, run) in enumerate(zip(HOSTILE, runs(60).values(), strict=True))}
    )


def test_the_same_runs_give_the_same_pictures(compared):
    assert figures(compared) == figures(compared)
    assert all(figure.svg for figure in figures(compared))


def test_a_picture_may_stand_in_a_page_that_allows_no_styles(compared):
    ids = []
    for figure in figures(compared):
        for element in ET.fromstring(figure.svg).iter():
            assert element.tag not in {"style", "script", "image", "foreignObject"}
            assert not {"style", "onload", "onclick"} & element.attrib.keys()
            ids += filter(None, [element.get("id")])
    assert len(ids) == len(set(ids))


def test_a_picture_takes_the_colour_of_the_text_around_it_and_no_other(compared):
    for figure in figures(compared):
        colours = {element.get(key) for element in ET.fromstring(figure.svg).iter() for key in ("fill", "stroke")}
        assert colours <= {None, "none", "currentColor"}


def test_a_picture_says_its_numbers_in_words(compared):
    for figure in figures(compared):
        root = ET.fromstring(figure.svg)
        assert root.get("role") == "img"
        for name, _, median, slowest, *_ in figure.rows:
            assert f"{name}, median {median}, slowest {slowest}" in root.get("aria-label")


def test_names_of_any_script_stand_in_pictures_as_text(compared):
    text = page.comparison(compared, "kep")

    assert mistakes(text) == []
    assert "<script>alert" not in text
    assert one_line(HOSTILE[4]) in text


def test_one_run_has_one_picture_of_all_kinds_of_change():
    (figure,) = figures(matrix(dict(runs(60, 1))))

    assert [name for name, *_ in figure.rows] == list(dict.fromkeys(name for name, *_ in figure.rows))
    assert "Service made" in [name for name, *_ in figure.rows]


def test_a_median_lies_between_the_looks_that_it_was_seen_in():
    for rows in strips(matrix(runs(60, 3))).values():
        for row in rows:
            low, high = row.median
            assert 0 <= low < high <= row.worst[1]
            assert row.apart == pytest.approx(0.1, abs=0.02)


def test_what_does_not_hold_is_in_no_picture():
    run = runs(60, 1)["reference"]
    refuted = replace(run, facts=tuple(replace(fact, finding=Finding.REFUTED) for fact in run.facts))

    assert strips(matrix({"reference": refuted})) == {}
    assert figures(matrix({"reference": refuted})) == ()


def test_without_matplotlib_the_numbers_are_there_and_the_page_says_how_to_get_pictures(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    several = matrix(runs(30, 3))

    made = figures(several)
    text = page.comparison(several, "kep")

    assert {figure.svg for figure in made} == {""}
    assert "pip install &#39;svcproof[pictures]&#39;" in text or "pip install 'svcproof[pictures]'" in text
    assert made[0].rows[0][0] in text
    assert mistakes(text) == []


def test_drawing_changes_no_settings_of_matplotlib(compared):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.rcParams["font.size"] = 31.0
    try:
        figures(compared)
        assert matplotlib.rcParams["font.size"] == 31.0
    finally:
        matplotlib.rcdefaults()


def test_kinds_of_runs_differ_in_pace_and_so_do_their_medians():
    rows = {row.name: row.median[1] for row in strips(matrix(runs(200, 5)))["Service made"]}

    fastest, *_, slowest = sorted(KINDS[:5], key=lambda kind: kind.pace)
    assert rows[fastest.name] < rows[slowest.name]
