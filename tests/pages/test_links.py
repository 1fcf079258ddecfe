"""Links to a row, a promise, a run and a cell open what they name; what the page has not is said in words."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from svcproof.printable import one_line
from svcproof.report.page.views import keys
from tests.pages.conftest import HEIGHT
from tests.pages.reading import opened, panel_text, visible

pytestmark = pytest.mark.browser


def test_a_link_to_a_row_shows_it(open_page, usual):
    behaviour = [row.behaviour.id for row in usual.matrix.rows if row.behaviour.id.isidentifier()][-1]

    page = open_page(usual.file, f"#/b/{quote(behaviour, safe='')}")

    row = page.locator(f'tr[data-behaviour="{behaviour}"]')
    box = row.bounding_box()
    assert 0 <= box["y"] <= HEIGHT - box["height"]
    assert "chosen" in row.get_attribute("class")


def test_a_link_to_a_promise_shows_its_rows_alone(open_page, usual):
    page = open_page(usual.file, "#/k/1672")

    assert set(visible(page)) == {row.behaviour.id for row in usual.matrix.rows if row.behaviour.kep == 1672}


def test_a_link_to_a_run_marks_its_column(open_page, usual):
    run = keys(usual.matrix.columns)[4]

    page = open_page(usual.file, f"#/r/{run}")

    assert page.locator(".chosen-run").evaluate_all("heads => heads.map((head) => head.dataset.run)") == [run]


def test_a_link_to_a_cell_opens_it_and_its_own_link_is_the_same(open_page, usual):
    row = next(row for row in usual.matrix.rows if row.cells[1].observed == "fail")
    address = f"#/c/{keys(usual.matrix.columns)[1]}/{row.behaviour.id}"

    page = open_page(usual.file, address)

    assert row.behaviour.id in panel_text(page)
    assert page.get_by_role("link", name="Link to this cell").get_attribute("href") == address


def test_a_click_puts_the_cell_into_the_address_and_closing_takes_it_out(open_page, usual):
    page = open_page(usual.file, "#/?level=must")
    row = page.locator("tr[data-behaviour]:visible").first

    row.locator("td > button").nth(2).click()
    address = page.evaluate("location.hash")
    again = open_page(usual.file, address)
    page.keyboard.press("Escape")

    assert address == f"#/c/{keys(usual.matrix.columns)[2]}/{row.get_attribute('data-behaviour')}?level=must"
    assert opened(again)
    assert visible(again) == visible(page)
    assert (opened(page), page.evaluate("location.hash")) == (False, "#/?level=must")


@pytest.mark.parametrize("number", range(12))
def test_links_to_hostile_names_open_them(open_page, hostile, number):
    behaviour = one_line(hostile.matrix.rows[number].behaviour.id)
    page = open_page(hostile.file)

    page.locator("#matrix").get_by_role("link", name=behaviour, exact=True).click()
    again = open_page(hostile.file, page.evaluate("location.hash"))

    for each in (page, again):
        chosen = each.locator("tr.chosen").evaluate_all("rows => rows.map((row) => row.dataset.behaviour)")
        assert chosen == [behaviour]
        assert each.inner_text("#notice") == ""


@pytest.mark.parametrize(
    "address",
    [
        "#/b/no_such_behaviour",
        "#/b/",
        "#/k/99999",
        "#/r/ffffffffffff",
        "#/c/ffffffffffff/x",
        "#/c/ffffffffffff",
        "#/x/y",
        "#/b/%zz",
        "#/b/<img src=x onerror=alert(1)>",
        "#/?by=nothing&level=nothing&verdict=nothing&run=nothing",
        "#/b/__proto__?by=__proto__",
    ],
)
def test_a_link_that_leads_nowhere_says_so_and_shows_the_table(open_page, usual, address):
    page = open_page(usual.file, address)

    if not address.startswith("#/?"):
        assert page.inner_text("#notice").startswith(("This page", "No run on this page"))
    assert page.locator("#matrix").is_visible()
    assert not opened(page)


def test_an_address_that_is_changed_while_the_page_is_open_is_followed(open_page, usual):
    page = open_page(usual.file)
    cell = f"#/c/{keys(usual.matrix.columns)[0]}/{usual.matrix.rows[0].behaviour.id}"

    page.evaluate("hash => { location.hash = hash }", cell)
    panel_text(page)
    page.go_back()

    expect(page.locator("#panel")).to_be_hidden()
