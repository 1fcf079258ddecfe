"""A run as CI jobs make it, on a cluster of both IP families that is made for it, with MetalLB."""

from pathlib import Path

import pytest

from svcproof.model.verdict import Ruling
from svcproof.report import runfile
from tests.kind.conftest import Run, containers

pytestmark = [pytest.mark.kind, pytest.mark.timeout(900), pytest.mark.xdist_group("kind")]


def test_behaviours_of_both_ip_families_hold_on_a_cluster_made_for_one_run(
    svcproof: Run, node_image: str, agent_image: str, tmp_path: Path
) -> None:
    before = set(containers())
    cluster = ("--cluster", "kind-dual", "--node-image", node_image, "--image", agent_image)

    ran = svcproof("run", *cluster, "--area", "dual_stack", "--area", "cluster_ip", "--results", tmp_path / "results")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    ruled = [one.ruling for one in runfile.load(tmp_path / "results").verdicts() if one.behaviour.area == "dual_stack"]
    assert set(ruled) == {Ruling.PASS}
    assert set(containers()) - before == set()
