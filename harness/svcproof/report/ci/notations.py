"""A badge as it is written in pages: in Markdown, HTML, reStructuredText and AsciiDoc, and its bare address."""

import html
from collections.abc import Mapping
from urllib.parse import quote

ALT = "Services"
ENDPOINT = "https://img.shields.io/endpoint?url="


def notations(badge: str, page: str) -> Mapping[str, str]:
    """The badge at one address of the web, which leads to the page at another, by the name of each notation."""
    return {
        "Markdown": f"[![{ALT}]({badge})]({page})",
        "HTML": f'<a href="{html.escape(page)}"><img src="{html.escape(badge)}" alt="{ALT}"></a>',
        "reStructuredText": f".. image:: {badge}\n   :target: {page}\n   :alt: {ALT}",
        "AsciiDoc": f"image:{badge}[{ALT},link={page}]",
        "URL": badge,
    }


def by_shields(endpoint: str) -> str:
    """The address of the badge that shields.io draws from a file that `badge.endpoint` made, at its own address."""
    return f"{ENDPOINT}{quote(endpoint, safe='')}"
