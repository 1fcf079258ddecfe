"""The small proxy is in one place: the page that begins with it shows the file that matrices run."""

from pathlib import Path

import pytest

from tests.docs.page import File, steps

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples/my-proxy/my-proxy"

pytestmark = pytest.mark.timeout(10)


def test_the_page_about_ones_own_proxy_shows_it_as_it_is() -> None:
    shown = [step.text for step in steps(ROOT / "docs/test-your-proxy.md") if isinstance(step, File)]

    assert PROGRAM.read_text() in shown


def test_it_is_as_small_as_its_readme_says() -> None:
    assert 45 <= len(PROGRAM.read_text().splitlines()) < 60
