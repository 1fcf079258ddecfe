from collections.abc import Iterator

import pytest

from harness.lab.process import launch
from harness.lab.process.launch import Lab
from harness.model.cluster_spec import ClusterSpec, NodeSpec

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
