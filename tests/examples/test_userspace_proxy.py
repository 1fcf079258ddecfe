"""The proxy in user space passes the behaviours of proxies: no habit of kube-proxy is required of it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from svcproof.model.verdict import Ruling
from svcproof.report import runfile

ROOT = Path(__file__).parents[2]
DECLARATION = ROOT / "examples/userspace-proxy/proxy.yaml"
AREAS = (
    "cluster_ip",
    "endpoints",
    "external_ip",
    "load_balancer",
    "node_port",
    "session_affinity",
    "source_address",
    "traffic_policy",
    "updates",
)
PARTS = 8
"""One is drawn for each run of the test: all together take minutes."""


@pytest.mark.timeout(10)
def test_it_has_less_than_the_400_lines_that_its_readme_says() -> None:
    program = [*DECLARATION.parent.glob("*.py"), *DECLARATION.parent.glob("*.nft")]

    assert sum(len(path.read_text().splitlines()) for path in program) < 400


@pytest.mark.lab
@pytest.mark.timeout(300)
def test_an_eighth_of_the_behaviours_of_proxies_passes(tmp_path: Path) -> None:
    part = random.randint(1, PARTS)
    selected = [word for area in AREAS for word in ("--area", area)]

    ran = subprocess.run(
        [
            *(sys.executable, "-m", "svcproof", "run", "--proxy", DECLARATION, *selected),
            *("--shard", f"{part}/{PARTS}", "--results", tmp_path / "results"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    rulings = {verdict.ruling for verdict in runfile.load(tmp_path / "results").verdicts()}
    assert rulings <= {Ruling.PASS, Ruling.RECORDED, Ruling.UNTESTABLE, Ruling.UNSUPPORTED, Ruling.WEAK}
    assert Ruling.PASS in rulings
