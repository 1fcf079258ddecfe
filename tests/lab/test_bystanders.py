"""A bystander that breaks beside another check: a fact of its own, at once, with the change that did it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare.places import fixtures_dir
from svcproof.model.bystander import Kind
from svcproof.model.fact import Finding
from svcproof.model.verdict import Ruling
from svcproof.report import runfile

FAULT = "proxy/udp-closed-by-a-udp-neighbour"


@pytest.mark.lab
@pytest.mark.timeout(300)
def test_what_breaks_a_bystander_beside_a_check_is_told_with_its_change(tmp_path: Path) -> None:
    results = tmp_path / "results"
    selection = f"{Kind.UDP} or {Kind.BOTH}"

    ended = CliRunner().invoke(main, ["run", "--fault", FAULT, "-k", selection, "--results", str(results)])

    run = runfile.load(results)
    (broken,) = (fact for fact in run.facts if fact.id == Kind.BOTH and fact.beside)
    assert (broken.finding, broken.beside) == (Finding.REFUTED, Kind.UDP)
    assert f"the check {Kind.UDP} made this change: delete Service" in broken.reason
    assert broken.bystanders is not None
    assert {disturbance.service for disturbance in broken.bystanders.disturbances} == {"bystander-both"}
    assert all(" udp " in disturbance.door for disturbance in broken.bystanders.disturbances)
    rulings = {verdict.behaviour.id: verdict.ruling for verdict in run.verdicts()}
    assert rulings == {Kind.UDP: Ruling.FAIL, Kind.BOTH: Ruling.FAIL}
    assert ended.exit_code == 1


@pytest.mark.lab
@pytest.mark.timeout(300)
def test_only_the_bystanders_of_selected_behaviours_stand(tmp_path: Path) -> None:
    results = tmp_path / "results"

    ended = CliRunner().invoke(main, ["run", "-k", Kind.CLUSTER_IP, "--results", str(results)])

    (fact,) = runfile.load(results).facts
    assert ended.exit_code == 0, ended.output
    assert fact.bystanders is not None
    assert (fact.bystanders.services, fact.bystanders.lost, fact.bystanders.disturbances) == (1, 0, ())
    assert fact.bystanders.tries > 0


@pytest.mark.lab
@pytest.mark.timeout(300)
def test_a_bystander_of_a_feature_that_the_proxy_does_not_claim_does_not_stand(tmp_path: Path) -> None:
    results, modest = tmp_path / "results", tmp_path / "modest.yaml"
    modest.write_text(
        (fixtures_dir() / "proxies/reference.yaml")
        .read_text()
        .replace("features: {", "features: {all-but: [session-affinity], ")
    )

    ended = CliRunner().invoke(main, ["run", "--proxy", str(modest), "-k", Kind.AFFINITY, "--results", str(results)])

    (verdict,) = runfile.load(results).verdicts()
    assert ended.exit_code == 0, ended.output
    assert verdict.ruling is Ruling.UNTESTABLE
    assert verdict.reason.endswith("the proxy does not claim session-affinity")
