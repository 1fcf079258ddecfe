"""The page without JavaScript, on a narrow screen, and printed; and by the rules of axe-core and of HTML."""

import pytest

from svcproof.printable import one_line
from tests.pages.accessibility import violations
from tests.pages.markup import mistakes
from tests.pages.reading import marks, observed, overflow, panel_text

pytestmark = pytest.mark.browser

SHOWN = "words => words.filter((word) => word.offsetParent).length"
STUCK = """[...document.querySelectorAll("*")]
  .filter((any) => any.getClientRects().length && ["sticky", "fixed"].includes(getComputedStyle(any).position))
  .map((any) => any.outerHTML.slice(0, 80))"""
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
PAGES = pytest.mark.parametrize("name", ["small", "single", "hostile"])


@pytest.fixture
def made(request, name):
    return request.getfixturevalue(name)


@PAGES
def test_without_javascript_the_table_and_its_anchors_are_there(open_page, made, name):
    plain = open_page(made.file, javascript=False)
    usual = open_page(made.file)

    assert marks(plain) == marks(usual)
    assert plain.locator("#matrix").is_visible()
    assert not plain.locator("#filters").is_visible()
    assert not plain.locator("#drop").is_visible()
    links = plain.locator("tr[data-behaviour] th a").evaluate_all(
        "links => links.map((link) => document.getElementById(link.hash.slice(1)) !== null)"
    )
    assert links
    assert all(links)


@PAGES
@SCHEMES
def test_no_page_scrolls_sideways_on_a_narrow_screen(open_page, made, name, scheme):
    page = open_page(made.file, width=390, scheme=scheme)

    assert overflow(page) == 0
    page.locator("td[data-observed] > button:visible").first.click()
    panel_text(page)
    assert overflow(page) == 0
    panel = page.locator("#panel")
    assert panel.evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0


def test_on_a_narrow_screen_one_run_is_shown_and_any_can_be_picked(open_page, usual):
    page = open_page(usual.file, width=390)
    heads = page.locator("#matrix thead th[data-run]:visible")
    first = heads.all_inner_texts()

    page.locator("select[name=run]").select_option(index=5)

    assert (first, heads.all_inner_texts()) == (["reference"], ["cilium"])


@PAGES
@SCHEMES
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_mend(open_page, made, name, scheme, width):
    page = open_page(made.file, width=width, scheme=scheme)

    assert violations(page) == []


@SCHEMES
@pytest.mark.parametrize("observation", ["fail", "pass", "could not tell", "not testable here", "recorded"])
def test_axe_finds_nothing_to_mend_in_an_open_cell(open_page, small, scheme, observation):
    page = open_page(small.file, scheme=scheme)
    page.locator(f'td[data-observed="{observation}"] > button').first.click()
    panel_text(page)
    for summary in page.locator("#panel summary").all():
        summary.click()

    assert violations(page) == []


@PAGES
def test_the_html_is_valid_as_it_was_made_and_as_scripts_have_changed_it(open_page, made, name):
    page = open_page(made.file)
    page.get_by_label("outcome", exact=True).check()
    page.locator("td[data-observed] > button").first.click()
    panel_text(page)

    assert mistakes(made.file.read_text()) == []
    assert mistakes("<!DOCTYPE html>" + page.evaluate("document.documentElement.outerHTML")) == []


def test_printed_cells_have_words_and_nothing_is_cut_off(open_page, small):
    page = open_page(small.file)
    page.emulate_media(media="print")

    for element in ("#filters", "#drop", ".skip"):
        assert not page.locator(element).is_visible()
    words = page.locator("td[data-observed] i").evaluate_all(SHOWN)
    assert words == sum(number for (_, mark), number in observed(page).items() if mark != "no run")
    assert not page.locator("td[data-observed] b").first.is_visible()
    assert page.evaluate(STUCK) == []


def test_a_page_on_paper_is_as_wide_as_the_paper(open_page, single):
    page = open_page(single.file, width=720)
    page.emulate_media(media="print")

    assert overflow(page) == 0


def test_a_comparison_of_nothing_says_so(open_page, make):
    from tests.synthetic.runs import KINDS, run

    page = open_page(make({"empty": run(KINDS[0], (), 1), "empty too": run(KINDS[1], (), 1)}).file)

    assert "No behaviour was selected." in page.inner_text("#matrix")
    assert marks(page) == {}
    assert mistakes(page.content()) == []
    assert violations(page) == []


def test_a_report_begins_with_what_failed(open_page, single):
    page = open_page(single.file)
    rows = page.locator("tr[data-behaviour]").evaluate_all(
        "rows => rows.map((row) => row.querySelector('td[data-observed]').dataset.observed)"
    )
    why = page.locator("tr[data-behaviour]:has([data-observed=fail]) td.why").all_inner_texts()

    failed = rows.count("fail")
    assert failed
    assert rows[:failed] == ["fail"] * failed
    assert all(why)
    failures = [row.cells[0] for row in single.matrix.rows if row.cells[0].observed == "fail"]
    reasons = [one_line(cell.fact.divergence.sentence) for cell in failures]
    assert {text.strip() for text in why} == {text.strip() for text in reasons}
