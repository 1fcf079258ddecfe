"""A cluster in which MetalLB does not come up: what needs no load balancer is seen all the same."""

import re
from pathlib import Path

import pytest

from svcproof.model.verdict import Ruling
from svcproof.report import runfile
from tests.kind.conftest import Run

pytestmark = [pytest.mark.kind, pytest.mark.timeout(300), pytest.mark.xdist_group("kind")]


def test_a_metallb_that_does_not_come_up_is_lacking(
    svcproof: Run, declared: Path, metallb_manifest: str, tmp_path: Path
) -> None:
    manifest = tmp_path / "metallb.yaml"
    sound = Path(metallb_manifest).read_text()
    manifest.write_text(re.sub(r"(image: .*):.*", r"\1:nobody-has-it", sound))
    checks = ("load_balancer_assigns_an_address", "cluster_ip_reaches_a_backend_from_a_pod")

    ended = svcproof(
        *("run", "--cluster", declared, "--metallb-manifest", manifest),
        *("-k", " or ".join(checks), "--results", tmp_path / "results"),
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    ruled = {one.behaviour.id: one for one in runfile.load(tmp_path / "results").verdicts()}
    assert [ruled[check].ruling for check in checks] == [Ruling.UNTESTABLE, Ruling.PASS]
    assert "MetalLB, which needs Services that work, did not come up" in ruled[checks[0]].reason
