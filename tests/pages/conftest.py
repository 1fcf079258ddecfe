from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.pages import chromium
from tests.pages.watch import watched

HEIGHT = 900


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module of tests: while it is there, no other event loop can run in its process."""
    if not chromium.program():
        pytest.skip(chromium.WHY_NOT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), chromium_sandbox=False)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file in a browser of its own state; at the end, the browser must have complained about none of them."""
    complaints: list[list[str]] = []
    with ExitStack() as contexts:

        def opened(
            file: Path, fragment: str = "", *, width: int = 1280, scheme: str = "light", javascript: bool = True
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme=scheme,
                java_script_enabled=javascript,
                accept_downloads=True,
                reduced_motion="reduce",
            )
            contexts.callback(context.close)
            page = context.new_page()
            complaints.append(watched(page))
            page.goto(file.resolve().as_uri() + fragment)
            return page

        yield opened
    assert [complaint for of_page in complaints for complaint in of_page] == []
