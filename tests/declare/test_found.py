"""Scenarios that are checks: each file of a folder makes a test function, or says why it cannot."""

from pathlib import Path

import pytest

from svcproof import MUST, Capability, Feature
from svcproof.declare.found import scenario_checks
from svcproof.errors import UsageError
from svcproof.model.behaviour import claimed

FILE = """\
title: a Service
behaviour:
  id: web_is_served
  requirement: A Service is served.
  level: MUST
  clause: https://kubernetes.io/docs/concepts/services-networking/service/
  because: It is.
  failsUnder: [proxy/a]
  requires: [load-balancer, two-nodes]
objects:
  - {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
"""


def test_a_file_is_a_check_that_plays_its_scenario(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(FILE)
    checks = scenario_checks(tmp_path, "found")
    check = checks["test_web_is_served"]
    claim = claimed(check, "found")

    assert claim is not None
    assert (claim.id, claim.area, claim.requirement) == ("web_is_served", "found", "A Service is served.")
    assert (claim.level, claim.faults, claim.because) == (MUST, ("proxy/a",), "It is.")
    assert claim.capabilities | claim.features == {
        Capability.LOAD_BALANCER,
        Capability.TWO_NODES,
        Feature.LOAD_BALANCER,
    }
    played = []
    check(play_scenario=played.append)
    assert [scenario.title for scenario in played] == ["a Service"]


def test_every_mistake_in_all_files_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FILE.partition("behaviour:")[0] + FILE[FILE.index("objects:") :])
    (tmp_path / "b.yaml").write_text(FILE.replace("two-nodes", "two-node"))
    (tmp_path / "c.yaml").write_text(FILE)
    (tmp_path / "d.yaml").write_text(FILE)
    with pytest.raises(UsageError) as refused:
        scenario_checks(tmp_path, "found")
    lines = refused.value.problems
    assert len(lines) == 3
    assert "a.yaml: has no `behaviour`" in lines[0]
    assert "b.yaml: behaviour.requires: there is no 'two-node' (did you mean two-nodes" in lines[1]
    assert "d.yaml: another file is that behaviour, too" in lines[2]
