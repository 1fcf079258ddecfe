"""Every command of the documentation works as it is written, in order, on real clusters, and prints what is shown."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from svcproof import binaries
from svcproof.binaries.cache import cache
from svcproof.lab.kubelet.images import PROGRAMS
from svcproof.lab.process.requirements import environment
from svcproof.wait import provisioned
from tests import kind_here
from tests.docs.page import Command, File, steps
from tests.docs.terminal import Terminal

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(page for folder in ("docs", "examples") for page in sorted((ROOT / folder).rglob("*.md"))),
]
ON_KIND = ROOT / "docs/real-clusters.md"
INSTALLED = ROOT / "docs/your-own-tests.md"
"""For installations without a checkout: tests/packaging follows it."""
ON_THE_LAB = [page for page in PAGES if page not in (ON_KIND, INSTALLED) and any(steps(page))]
WITHIN = 20.0
"""Seconds within which a command that looks must see what was done before it."""


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A shell in a folder that looks like a checkout, with the programs that the documentation asks for."""
    for folder in ("fixtures", "examples"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "kubectl").symlink_to(binaries.find("kubectl").path)
    if not shutil.which("curl"):
        (programs / "curl").symlink_to(PROGRAMS / "clients" / "curl.py")
    variables = environment()
    variables |= {
        "PATH": f"{programs}:{ROOT / '.venv/bin'}:{variables['PATH']}",
        "KUBECACHEDIR": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(cache().parent),
        "HOME": str(tmp_path),
    }
    made = Terminal(tmp_path, variables)
    yield made
    made.close()


@pytest.mark.lab
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", ON_THE_LAB, ids=lambda page: page.name)
def test_the_commands_of_a_page_do_what_it_says(page: Path, terminal: Terminal, tmp_path: Path):
    follow(page, terminal, tmp_path)


@pytest.mark.kind
@pytest.mark.timeout(1500)
def test_the_commands_for_real_clusters_do_what_the_page_says(terminal: Terminal, tmp_path: Path):
    """They are what CI jobs do: the core behaviours against each mode of kube-proxy, swapped on a running cluster."""
    if kind_here.exists("svcproof-kind"):
        pytest.skip("there is a cluster svcproof-kind already: svcproof kind down")
    try:
        follow(ON_KIND, terminal, tmp_path)
    finally:
        kind_here.remove("svcproof-kind", tmp_path)


def follow(page: Path, terminal: Terminal, folder: Path) -> None:
    with ExitStack() as lab:
        for step in steps(page):
            if isinstance(step, File):
                (folder / step.name).parent.mkdir(exist_ok=True)
                (folder / step.name).write_text(step.text)
            elif step.words.startswith("svcproof lab up") and "--detach" not in step.words:
                lab.enter_context(terminal.beside(step))
            elif step.asks:
                ask(terminal, step)
            else:
                code, printed = terminal.run(step.words)
                assert code == 0, f"{step.words}: exit status {code}\n{printed}"
                assert step.printed(printed), f"{step.words} printed:\n{printed}\nand should:\n{step.shown}"


def ask(terminal: Terminal, step: Command) -> None:
    def as_shown(ended: tuple[int, str]) -> bool:
        code, printed = ended
        return code == 0 and step.printed(printed)

    provisioned(f"`{step.words}` to print\n{step.shown}", lambda: terminal.run(step.words), as_shown, WITHIN)
