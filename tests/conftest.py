"""What holds for all tests of the project itself."""

import signal

import pytest

from tests import kind_here


def pytest_configure() -> None:
    """Heed SIGINT: what a shell starts in the background is deaf to it, and so would be the programs under test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a kind cluster where none can be made, and say why."""
    wanting = [item for item in items if item.get_closest_marker("kind")]
    if wanting and (why := kind_here.why_not()):
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=f"kind: skipped, because {why}"))


@pytest.fixture(scope="session")
def node_image() -> str:
    """The node image for kind clusters."""
    return kind_here.node_image()
