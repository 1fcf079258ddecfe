from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reference_proxy.bench import Bench, bench


@pytest.fixture(scope="module")
def kernel() -> Iterator[Bench]:
    with bench() as made:
        made.serve("pod-1", 8080, 8081)
        made.serve("pod-2", 8080, 8081)
        yield made


@pytest.fixture
def node(kernel: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The bench, with nft and conntrack of this process working on its node."""
    monkeypatch.setenv("PATH", kernel.tools(tmp_path))
    return kernel
