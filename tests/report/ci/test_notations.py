"""A badge in the notations of pages: each reader of one finds the picture and the link."""

import html5lib
from markdown_it import MarkdownIt

from svcproof.report.ci.notations import by_shields, notations

BADGE, PAGE = "https://example.org/badge/a%20b.svg?x=1&y=2", "https://example.org/p/a.html#/r/1"


def picture(page: str) -> tuple[str | None, str | None, str | None]:
    root = html5lib.parse(page, namespaceHTMLElements=False)
    link, image = next(root.iter("a")), next(root.iter("img"))
    return link.get("href"), image.get("src"), image.get("alt")


def test_markdown_and_html_show_the_picture_and_lead_to_the_page() -> None:
    told = notations(BADGE, PAGE)

    assert picture(MarkdownIt("commonmark").render(told["Markdown"])) == (PAGE, BADGE, "Services")
    assert picture(told["HTML"]) == (PAGE, BADGE, "Services")


def test_the_others_are_as_their_manuals_have_them() -> None:
    told = notations(BADGE, PAGE)

    assert told["reStructuredText"] == f".. image:: {BADGE}\n   :target: {PAGE}\n   :alt: Services"
    assert told["AsciiDoc"] == f"image:{BADGE}[Services,link={PAGE}]"
    assert told["URL"] == BADGE


def test_shields_is_given_the_whole_address_as_one_value() -> None:
    assert by_shields("https://example.org/a.json?b=1&c") == (
        "https://img.shields.io/endpoint?url=https%3A%2F%2Fexample.org%2Fa.json%3Fb%3D1%26c"
    )
