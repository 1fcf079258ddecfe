from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from svcproof.model.matrix import Matrix, matrix
from svcproof.report import page as report_page
from tests.pages import chromium
from tests.pages.watch import watched
from tests.synthetic.behaviours import behaviours
from tests.synthetic.runs import KINDS, run, runs, stored
from tests.synthetic.words import HOSTILE

HEIGHT = 900


@dataclass(frozen=True)
class Made:
    """A page in a file, the matrix that it shows, and the folder with the results of its runs."""

    file: Path
    matrix: Matrix = field(repr=False)
    results: Path


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
                reduced_motion="reduce",
            )
            contexts.callback(context.close)
            page = context.new_page()
            complaints.append(watched(page))
            page.goto(file.resolve().as_uri() + fragment)
            return page

        yield opened
    assert [complaint for of_page in complaints for complaint in of_page] == []


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Made]:
    """Store runs, and write the page that shows them side by side, or the one run by itself."""

    def made(several, *, single: bool = False, by: str = "kep") -> Made:
        folder = tmp_path_factory.mktemp("page")
        kept = stored(several, folder / "results")
        shown = matrix(kept)
        (only,) = list(kept.values()) if single else [None]
        content = report_page.single(only, only.verdicts()) if only else report_page.comparison(shown, by).encode()
        (folder / "page.html").write_bytes(content)
        return Made(folder / "page.html", shown, folder / "results")

    return made


@pytest.fixture(scope="session")
def usual(make) -> Made:
    """A comparison in which everything that can be observed is somewhere."""
    return make(runs(200))


@pytest.fixture(scope="session")
def small(make) -> Made:
    """A comparison of few behaviours in all kinds of runs."""
    return make(runs(40))


@pytest.fixture(scope="session")
def big(make) -> Made:
    """A comparison of 600 behaviours in 12 runs."""
    return make(runs(600))


@pytest.fixture(scope="session")
def single(make) -> Made:
    """The report of one run."""
    return make(runs(60, 1), single=True)


@pytest.fixture(scope="session")
def hostile(make) -> Made:
    """A comparison of two runs of behaviours whose every name is hostile."""
    chosen = tuple(each for each in behaviours(600) if each.area in HOSTILE)
    return make({HOSTILE[1]: run(KINDS[0], chosen, 1), HOSTILE[3]: run(KINDS[10], chosen, 1)})
