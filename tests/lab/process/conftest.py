import sys
from collections.abc import Iterator

import pytest

from svcproof.lab.process import launch
from svcproof.lab.process.launch import Lab
from svcproof.model.cluster_spec import ClusterSpec, NodeSpec
from tests.lab.process.nobody import as_nobody

SPEC = ClusterSpec(
    provider="lab",
    nodes=(NodeSpec(name="node-a"),),
    pod_ranges=("10.244.0.0/16",),
    service_ranges=("10.96.0.0/16",),
    node_ranges=("172.30.0.0/24",),
    outside=1,
)


@pytest.fixture(scope="session")
def spec() -> ClusterSpec:
    """The smallest lab there is."""
    return SPEC


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with launch.running(SPEC, faults=()) as made:
        yield made


@pytest.fixture(scope="module")
def python() -> str:
    """A Python of our version that somebody else may run: this one can be in root's own folders."""
    for path in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        try:
            if as_nobody(path, "-c", "import svcproof, aiohttp, cryptography").returncode == 0:
                return path
        except OSError:
            continue
    return pytest.skip("this Python, or the checkout, cannot be read by anybody but its owner")
