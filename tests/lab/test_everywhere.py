"""A sweep tells apart who sees what where: faults that one kind of vantage, or one door, shows alone."""

from collections.abc import Set
from pathlib import Path

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.model.event import Differing
from svcproof.report import runfile

BEHAVIOUR = "service_with_every_door_answers_everybody"
HOSTS = {"host-node-a", "host-node-b", "host-node-c"}
pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]


def differing(results: Path, fault: str) -> tuple[Differing, ...]:
    """What the last look of the sweep found under a fault."""
    options = ["--fault", fault, "-k", BEHAVIOUR, "--results", str(results)]
    done = CliRunner().invoke(main, ["run", "--cluster", "lab", "--workers", "1", *options])
    assert done.exit_code == 1, done.output
    facts = runfile.load(results).facts  # Two of them where the machine was starved and the check was tried once more.
    sweeps = [event.sweep for fact in facts for event in fact.events if event.sweep and event.sweep.differences]
    return sweeps[-1].differences


@pytest.mark.parametrize(
    ("fault", "vantages", "doors"),
    [
        ("proxy/host-client-cannot-reach-clusterip", HOSTS, {"ClusterIP"}),
        ("proxy/nodeport-dead-from-host", HOSTS, {"node port"}),
    ],
)
def test_a_fault_that_the_host_network_alone_meets_is_told_of_it_alone(
    tmp_path: Path, fault: str, vantages: Set[str], doors: Set[str]
) -> None:
    found = differing(tmp_path / "results", fault)

    assert {each.vantage for each in found} == vantages
    assert {each.door for each in found} == doors


def test_a_fault_of_one_node_is_told_of_its_node_port_alone(tmp_path: Path) -> None:
    found = differing(tmp_path / "results", "proxy/nodeport-closed-on-some-nodes")

    assert {each.door for each in found} == {"node port"}
    assert len({each.target.address for each in found}) == 1
    assert {each.rule for each in found} == {"node_port_is_served_at_every_node"}
