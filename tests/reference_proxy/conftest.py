from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof.reference_proxy import conntrack
from tests.reference_proxy.bench import Bench, bench


@pytest.fixture(scope="module")
def kernel() -> Iterator[Bench]:
    with bench() as made:
        made.serve("pod-1", 8080, 8081)
        made.serve("pod-2", 8080, 8081)
        yield made


@pytest.fixture
def node(kernel: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The bench, with nft and connection tracking of this process working on its node."""
    monkeypatch.setenv("PATH", kernel.tools(tmp_path))
    monkeypatch.setattr(conntrack, "connected", kernel.netfilter)
    return kernel
