"""A lab with CoreDNS in the place of its own DNS."""

import subprocess
import sys
from pathlib import Path

import pytest

from svcproof import binaries, declare
from svcproof.errors import UsageError
from svcproof.lab.components import COREDNS
from svcproof.model.verdict import Ruling
from svcproof.providers import lab
from svcproof.report import runfile

NAME = "lab-coredns"
AREAS = ("dns", "external_name", "headless")
FAULT = "dns/no-srv"


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_every_behaviour_of_names_holds_as_with_the_labs_own_dns(tmp_path: Path) -> None:
    if binaries.look(COREDNS) is None:
        pytest.skip("no coredns at hand: scripts/obtain coredns")
    areas = [word for area in AREAS for word in ("--area", area)]
    command = [sys.executable, "-m", "svcproof", "run", "--cluster", NAME, *areas, "--results", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=580)

    verdicts = runfile.load(tmp_path).verdicts()

    assert {verdict.behaviour.area for verdict in verdicts} == set(AREAS), ran.stdout + ran.stderr
    assert {verdict.ruling for verdict in verdicts} <= {Ruling.PASS, Ruling.RECORDED}, ran.stdout


def test_a_fault_of_the_labs_own_dns_is_refused() -> None:
    declared = declare.cluster(NAME)

    with (
        pytest.raises(UsageError, match=f"{FAULT} .* `dns: builtin`"),
        lab.up(declared, None, faults=(FAULT,), progress=lambda step: None),
    ):
        pass
