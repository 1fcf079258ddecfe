"""What holds for all tests of the project itself."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests import kind_here
from tests.kind.snapshot import at_rest


def pytest_configure() -> None:
    """Heed what a shell has its background ignore, and `nohup` a hang-up: programs under test would ignore it too."""
    for number, handler in {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}.items():
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a kind cluster where none can be made, and say why."""
    wanting = [item for item in items if item.get_closest_marker("kind") or item.get_closest_marker("faults")]
    if wanting and (why := kind_here.why_not()):
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=f"kind: skipped, because {why}"))


@pytest.fixture(autouse=True)
def environment_as_it_was() -> Iterator[None]:
    """Undo what a run in this process did to its environment: it takes the plugins from each pytest started later."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """Write a declaration to a file, and return its path."""

    def written(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return str(path)

    return written


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A directory for unix sockets, whose paths end at 107 bytes."""
    with TemporaryDirectory(prefix="s", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture(scope="session")
def node_image() -> str:
    """The node image for kind clusters."""
    return kind_here.node_image()


@pytest.fixture(scope="session")
def foreign_kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kubeconfig of a cluster that svcproof did not make: SVCPROOF_KIND_KUBECONFIG, or one made for the tests."""
    if given := os.environ.get("SVCPROOF_KIND_KUBECONFIG"):
        yield Path(given)
    else:
        with kind_here.plain(tmp_path_factory.mktemp("plain")) as kubeconfig:
            at_rest(kubeconfig)
            yield kubeconfig
