"""The pages of a site: by the rules of axe-core and of HTML, on any screen, and with known issues in the comparison."""

from dataclasses import replace

import pytest

from svcproof.declare.catalogue import catalogue
from svcproof.declare.places import suites_dir
from svcproof.model.known_issue import KnownIssue
from svcproof.report import runfile
from svcproof.report.site import pages, sources
from svcproof.report.site.value import site
from svcproof.report.site.writing import write
from tests.pages.accessibility import violations
from tests.pages.markup import mistakes
from tests.pages.reading import overflow
from tests.synthetic.runs import runs, stored

pytestmark = pytest.mark.browser

SHOWN = ("index.html", "faq.html", "compare.html", "p/reference.html", "b/withdrawn.html", "b/known.html")


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A site of all kinds of runs, one of them twice, with a claim that does not hold and known issues."""
    folder = tmp_path_factory.mktemp("site")
    kept = stored(runs(40), folder / "collected")
    reference = next(run for run in kept.values() if run.header.proxy.name == "reference")
    later = replace(reference, header=replace(reference.header, id="later", started="2027-01-01T00:00:00.000+00:00"))
    runfile.store(later, folder / "collected" / "later")
    (folder / "collected" / "later" / "claim.yaml").write_text("claim: 7\n")
    known, withdrawn = (behaviour.id for behaviour in reference.behaviours[:2])
    issues = [
        KnownIssue(behaviour=known, target="kubernetes", url="https://example.org/1"),
        KnownIssue(behaviour=withdrawn, target="suite", url="https://example.org/2"),
    ]
    read = sources.read(folder / "collected", catalogue(suites_dir()), "0.1.0")
    files = dict(pages.files(site(read, issues)))
    files["b/known.html"], files["b/withdrawn.html"] = files[f"b/{known}.html"], files[f"b/{withdrawn}.html"]
    write(folder / "public", files)
    return folder / "public"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_to_mend_and_nothing_scrolls_sideways(open_page, public, scheme, width):
    for name in SHOWN:
        page = open_page(public / name, width=width, scheme=scheme)
        assert (name, violations(page), overflow(page) if width == 390 else 0) == (name, [], 0)


def test_every_page_is_html(public):
    files = [*public.glob("*.html"), *public.glob("*/*.html")]

    assert len(files) > 40
    assert [(file.name, wrong) for file in files for wrong in mistakes(file.read_text())] == []


def test_a_number_of_the_first_page_leads_to_its_rows(open_page, public):
    page = open_page(public / "index.html")
    page.locator("#promises td a").first.click()

    assert "compare.html#/k/" in page.url
    assert page.locator("tr[data-behaviour]:visible").count() > 0


def test_a_withdrawn_row_stays_out_of_all_numbers_also_when_rows_are_grouped_anew(open_page, public):
    page = open_page(public / "compare.html")
    before = page.locator("#matrix tr.group").all_inner_texts()
    for by in ("level", "kep"):
        page.locator(f'input[name="by"][value="{by}"]').check()

    assert page.locator("tr[data-withdrawn]").count() == 1
    assert sorted(page.locator("#matrix tr.group").all_inner_texts()) == sorted(before)
