import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from svcproof import agent
from svcproof.lab.layout import LabConfig, NodeConfig
from svcproof.lab.process import launch
from svcproof.lab.process.launch import Lab
from tests.lab.process.nobody import as_nobody

CONFIG = LabConfig(nodes=(NodeConfig("node-a"),), external_ranges=(), load_balancer_pool=(), outside=1)


AGENT = Path(agent.__file__).parent / "pod"


@pytest.fixture(scope="session")
def config() -> LabConfig:
    """The smallest lab there is."""
    return CONFIG


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with launch.running(CONFIG, agent=AGENT) as made:
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
