"""A proxy that has been told not to serve externalIPs is held to that, where its declaration says so."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from svcproof.declare.places import fixtures_dir
from svcproof.model.verdict import Ruling
from svcproof.report import runfile

SVCPROOF = [sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')"]
BEHAVIOUR = "external_ips_that_are_switched_off_lead_nowhere"
GATE_OFF = "--feature-gates=AllowServiceExternalIPs=false"
SWITCHED_OFF = {"all-but": ["external-ips"], "also": ["external-ips-off"]}

# A first run builds kube-proxy, which takes minutes.
pytestmark = [pytest.mark.lab, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(
    ("name", "options", "ruling", "code"),
    [
        ("reference", ["--fault", "external-ips-ignored"], Ruling.PASS, 0),
        ("reference", [], Ruling.FAIL, 1),
        ("kube-proxy-nftables", [GATE_OFF], Ruling.PASS, 0),
        ("kube-proxy-iptables", [GATE_OFF], Ruling.PASS, 0),
        ("kube-proxy-nftables", [], Ruling.FAIL, 1),
    ],
)
def test_who_says_that_external_ips_are_off_must_not_serve_them(
    tmp_path: Path, name: str, options: list[str], ruling: Ruling, code: int
) -> None:
    declared = yaml.safe_load((fixtures_dir() / "proxies" / f"{name}.yaml").read_text())
    declared["install"]["program"]["command"] += options
    declared["features"] = SWITCHED_OFF
    mine, results = tmp_path / "mine.yaml", tmp_path / "results"
    mine.write_text(yaml.safe_dump(declared))

    done = _svcproof("run", "--cluster", "lab", "--proxy", str(mine), "-k", BEHAVIOUR, "--results", str(results))

    assert done.returncode == code, done.stdout + done.stderr
    assert [(one.behaviour.id, one.ruling) for one in runfile.load(results).verdicts()] == [(BEHAVIOUR, ruling)]
    unclaimed = _svcproof("recheck", str(results), "--proxy", name)
    assert unclaimed.returncode == 0
    assert "the proxy does not claim external-ips-off" in unclaimed.stdout


def _svcproof(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SVCPROOF, *arguments], capture_output=True, text=True, check=False, timeout=1700)
