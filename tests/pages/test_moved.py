"""The page of a run against an earlier one: what moved is on top, and opens the cell that tells why."""

from dataclasses import replace

import pytest

from svcproof.model.fact import Fact, Finding
from svcproof.model.matrix import matrix
from svcproof.report import page as pages
from svcproof.report import runfile
from tests.pages.accessibility import violations
from tests.pages.markup import mistakes
from tests.pages.recorded import recorded_run

pytestmark = pytest.mark.browser
EVIL = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture
def moved(tmp_path):
    """The page of a run in which everything but one behaviour fails that held before, with hostile names."""
    later = recorded_run()
    held = tuple(Fact(id=fact.id, finding=Finding.CONFIRMED) for fact in later.facts)
    retired = replace(later.behaviours[0], id="is_gone", requirement=EVIL)
    earlier = replace(
        later,
        behaviours=(*later.behaviours, retired),
        facts=(*held, Fact(id="is_gone", finding=Finding.CONFIRMED)),
    )
    later = replace(later, facts=(*held[:1], *later.facts[1:]))
    runs = {
        name: runfile.store(run, tmp_path / str(number))
        for number, (name, run) in enumerate({EVIL: earlier, "later": later}.items())
    }
    (file := tmp_path / "moved.html").write_text(pages.against(matrix(runs), "kep"))
    return file, runs["later"]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_what_moved_opens_the_cell_that_tells_why(open_page, moved, width, scheme):
    file, later = moved
    page = open_page(file, width=width, scheme=scheme)
    regressions = page.locator("#against details").first
    fact = later.facts[1]

    assert regressions.locator("summary").inner_text().startswith(f"regressions ({len(later.facts) - 1})")
    assert regressions.get_attribute("open") is not None

    regressions.get_by_role("link", name=fact.id, exact=True).click()
    page.locator("#panel-body section").wait_for()

    assert fact.divergence.sentence in page.inner_text("#panel-body")
    assert page.evaluate("location.hash") == f"#/c/{later.digest[:12]}/{fact.id}"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_what_moved_is_for_everybody_and_obeys_no_name(open_page, moved, width, scheme):
    file, _ = moved
    page = open_page(file, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('#against details').forEach((part) => { part.open = true; })")

    assert page.locator("#against img").count() == 0
    assert r"<img src=x onerror=alert(1)>\u202e" in page.inner_text("#against")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert mistakes(file.read_text()) == []


def test_what_moved_is_there_without_a_script(open_page, moved):
    file, later = moved
    page = open_page(file, javascript=False)

    assert later.facts[1].divergence.sentence in page.inner_text("#against")
    assert "is_gone" in page.inner_text("#against")
