"""Everything that a mouse does can be done by the keyboard alone, and the focus is never lost."""

import pytest

from tests.pages.reading import opened, panel_text, visible

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const cell = document.activeElement.closest("td[data-observed]");
  return cell && [cell.parentElement.dataset.behaviour, [...cell.parentElement.children].indexOf(cell) - 1];
}"""
INSIDE = """[document.body, ...document.querySelectorAll("#panel, #panel *")].includes(document.activeElement)"""


@pytest.fixture
def page(open_page, usual):
    return open_page(usual.file)


def tab_to_table(page, limit=80):
    for _ in range(limit):
        page.keyboard.press("Tab")
        if place := page.evaluate(FOCUS):
            return place
    raise AssertionError(f"no cell has the focus after {limit} times Tab")


def test_the_first_tab_leads_past_everything_to_the_table(page):
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#matrix"


def test_arrows_go_from_cell_to_cell(page):
    first, second, *_ = rows = visible(page)
    page.locator("td[data-observed] > button").first.focus()

    places = []
    for key in (
        "ArrowRight",
        "ArrowDown",
        "ArrowLeft",
        "ArrowUp",
        "ArrowUp",
        "End",
        "Home",
        "Control+End",
        "Control+Home",
    ):
        page.keyboard.press(key)
        places.append(tuple(page.evaluate(FOCUS)))

    end = (rows[-1], 11)
    assert places == [
        (first, 1),
        (second, 1),
        (second, 0),
        (first, 0),
        (first, 0),
        (first, 11),
        (first, 0),
        end,
        (first, 0),
    ]


def test_arrows_go_to_rows_that_are_shown_alone(page):
    page.locator("#filters select[name=verdict]").select_option("deviates")
    rows = visible(page)
    page.locator("tr[data-behaviour]:visible td > button").first.focus()

    page.keyboard.press("ArrowDown")

    assert page.evaluate(FOCUS) == [rows[1], 0]


def test_enter_opens_a_cell_and_escape_gives_the_focus_back(page):
    page.locator("td[data-observed] > button").first.focus()
    page.keyboard.press("ArrowRight")
    place = page.evaluate(FOCUS)

    page.keyboard.press("Enter")
    text = panel_text(page)
    inside = page.evaluate(INSIDE)
    page.keyboard.press("Escape")

    assert place[0] in text
    assert inside
    assert not opened(page)
    assert page.evaluate(FOCUS) == place


def test_the_focus_stays_in_an_open_panel(page):
    page.locator("td[data-observed] > button").first.focus()
    page.keyboard.press("Enter")
    panel_text(page)

    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(INSIDE)


def test_tab_enters_the_table_of_cells_once(page):
    buttons = page.locator("td[data-observed] > button")

    stops = buttons.evaluate_all("buttons => buttons.filter((button) => button.tabIndex >= 0).length")

    assert stops == 1
    page.locator("#reset").focus()
    assert tab_to_table(page) == [visible(page)[0], 0]


def test_filters_are_used_by_the_keyboard_alone(page):
    page.get_by_label("only where they differ").focus()
    before = len(visible(page))

    page.keyboard.press("Space")
    differing = len(visible(page))
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")

    assert 0 < differing < before == len(visible(page))


def test_what_has_the_focus_is_seen_to_have_it(page):
    page.locator("#reset").focus()
    tab_to_table(page)

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert outline != "none"


def test_each_cell_says_its_row_and_its_column_to_who_only_hears(page):
    labels = page.locator("td[data-observed] > button").evaluate_all(
        """buttons => buttons.map((button) => {
          const cell = button.parentElement, row = cell.parentElement;
          const head = document.querySelector(`thead th[data-run="${cell.dataset.run}"] a`);
          const name = button.getAttribute("aria-label");
          return [row.dataset.behaviour, head.textContent, cell.dataset.observed].every((word) => name.includes(word));
        })"""
    )

    assert len(labels) == 200 * 12
    assert all(labels)
