"""The browser of these tests complains of what a page must not do, and the rules for pages refuse what breaks them."""

import pytest

from tests.pages.accessibility import violations
from tests.pages.samples import SOUND
from tests.pages.watch import watched

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints(browser):
    """The complaints about a page with this in its body."""

    def of(body):
        page = browser.new_page()
        found = watched(page)
        page.set_content(SOUND.format(body))
        page.wait_for_timeout(100)
        page.close()
        return found

    return of


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>console.error('broken')</script>", "console: error: broken"),
        ("<script>null.x</script>", "page error"),
        ("<script>Promise.reject(new Error('late'))</script>", "page error: late"),
        ("<img alt='' src='https://example.org/x.png'>", "request: GET https://example.org/x.png"),
        ("<script>fetch('http://127.0.0.1:9/')</script>", "request: GET http://127.0.0.1:9/"),
    ],
)
def test_a_browser_complains_of_errors_and_of_requests(complaints, body, complaint):
    assert any(line.startswith(complaint) for line in complaints(body)), complaints(body)


def test_a_sound_page_gives_no_complaints(complaints):
    assert complaints("<script>console.log('fine')</script>") == []


def test_a_page_opens_as_it_was_asked_for(open_page, tmp_path):
    (file := tmp_path / "page.html").write_text(SOUND.format("<noscript>no script</noscript>"))

    page = open_page(file, "#/here", width=390, scheme="dark")
    plain = open_page(file, javascript=False)

    assert page.evaluate("innerWidth") == 390
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert page.evaluate("location.hash") == "#/here"
    assert "no script" in plain.inner_text("main")
    assert "no script" not in page.inner_text("main")


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #ccc; background: #fff'>pale</p>", "color-contrast"),
        ("<button></button>", "button-name"),
        ("<h2>a</h2><h4>b</h4>", "heading-order"),
    ],
)
def test_axe_finds_what_some_readers_cannot_read(browser, body, rule):
    page = browser.new_page()
    page.set_content(SOUND.format(""))
    before = violations(page)
    page.set_content(SOUND.format(body))
    after = violations(page)
    page.close()

    assert before == []
    assert [line.partition(":")[0] for line in after] == [rule]
