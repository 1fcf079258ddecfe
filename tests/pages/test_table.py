"""The table of a comparison says of each behaviour what the matrix says, and each observation looks like no other."""

import pytest

from svcproof.model.judgement import TESTED, Observed
from svcproof.printable import one_line
from svcproof.report.comparison.words import GLYPHS
from svcproof.report.page.views import keys
from tests.pages.reading import marks

pytestmark = pytest.mark.browser

STYLE = """(mark) => {
  const looks = getComputedStyle(mark);
  const names = ["color", "background-color", "background-image", "border", "border-radius", "font"];
  return names.map((name) => looks.getPropertyValue(name)).join("|");
}"""
LOUD = {Observed.FAIL, Observed.FLAKY}


def test_every_cell_has_the_marks_of_the_matrix(open_page, usual):
    page = open_page(usual.file)

    assert marks(page) == {
        (one_line(row.behaviour.id), key): (cell.expected, cell.observed)
        for row in usual.matrix.rows
        for cell, key in zip(row.cells, keys(usual.matrix.columns), strict=True)
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_eleven_observations_have_eleven_glyphs_words_and_looks(open_page, usual, scheme):
    page = open_page(usual.file, scheme=scheme)

    looks, glyphs, words = {}, {}, {}
    for each in Observed:
        cell = page.locator(f'td[data-observed="{each}"]').first
        mark = cell.locator("b")
        looks[each] = mark.evaluate(STYLE) if mark.count() else "nothing"
        glyphs[each] = mark.text_content().rstrip("⚑") if mark.count() else ""
        words[each] = cell.get_by_role("button").get_attribute("aria-label").partition("observed ")[2]

    assert glyphs == dict(GLYPHS)
    assert len(set(looks.values())) == len(set(glyphs.values())) == len(set(words.values())) == len(Observed)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_not_known_is_drawn_neither_as_a_failure_nor_as_support(open_page, usual, scheme):
    page = open_page(usual.file, scheme=scheme)

    def colours(observation):
        mark = page.locator(f'td[data-observed="{observation}"] b').first
        return mark.evaluate("(mark) => [getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor]")

    failed, passed = colours(Observed.FAIL), colours(Observed.PASS)
    for quiet in (Observed.NOT_RUN, Observed.UNTESTABLE, Observed.DECLINED, Observed.RECORDED, Observed.UNKNOWN):
        assert not set(colours(quiet)[:1]) & {failed[0], failed[1], passed[0]}, quiet
        assert colours(quiet)[1] != failed[1]
    assert page.locator(f'td[data-observed="{Observed.NO_RUN}"]').first.inner_text().strip() == ""


def test_a_run_that_is_not_complete_has_no_totals(open_page, usual):
    page = open_page(usual.file)
    columns = usual.matrix.columns
    incomplete = {key for key, column in zip(keys(columns), columns, strict=True) if not column.complete}
    cells = page.evaluate(
        """[...document.querySelectorAll('#promises td[data-run], #matrix .group td[data-run]')]
           .map((cell) => [cell.dataset.run, cell.innerText.trim()])"""
    )

    assert len(incomplete) == 2
    for run, text in cells:
        if run in incomplete:
            assert text in {"incomplete", "none"}
        else:
            assert text not in {"", "incomplete"}
    assert page.locator("thead th[data-incomplete]").count() == 2
    assert page.locator("thead th[data-incomplete]").first.inner_text().endswith("not complete")


def test_numbers_of_the_promises_lead_to_their_rows(open_page, usual):
    page = open_page(usual.file)
    link = page.locator("#promises tbody tr[data-kep='1672'] td a").first

    shown, of = (int(number) for number in link.inner_text().split(" of "))
    link.click()

    rows = page.locator("tr[data-behaviour]:visible")
    assert set(rows.evaluate_all("rows => rows.map((row) => row.dataset.kep)")) == {"1672"}
    run = page.evaluate("location.hash").partition("run=")[2]
    cells = page.locator(f'tr[data-behaviour]:visible td[data-run="{run}"]')
    counted = cells.evaluate_all("cells => cells.map((cell) => [cell.dataset.expected, cell.dataset.observed])")
    tested = [mark for expected, mark in counted if expected not in {"may", "not promised yet"}]
    assert tested.count("pass") == shown
    assert sum(mark in TESTED for mark in tested) == of


def test_every_string_of_a_run_is_text(open_page, hostile):
    page = open_page(hostile.file)

    assert page.evaluate("document.querySelectorAll('img, iframe, object, embed, link').length") == 0
    assert page.locator("script:not([type='application/json'])").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('tr[data-behaviour]')].map((row) => row.dataset.behaviour)")
    assert set(ids) == {one_line(row.behaviour.id) for row in hostile.matrix.rows}
    page.locator("td[data-observed] > button").first.click()
    for row in range(len(ids)):
        page.keyboard.press("Escape")
        page.locator("tr[data-behaviour]").nth(row).locator("td > button").first.click()
        page.locator("#panel-body .details").wait_for()
        links = page.locator("#panel a").evaluate_all("links => links.map((link) => link.href)")
        assert all(link.startswith(("https://", "file:")) for link in links), links
