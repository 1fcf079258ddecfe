"""`svcproof lab exec`, in a lab that runs; how `lab up` ends is tests/lab/process."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from svcproof import declare
from svcproof.lab.process.requirements import environment
from svcproof.providers import lab
from svcproof.providers.lab import LabCluster

pytestmark = pytest.mark.programs

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main()", "lab")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LabCluster]:
    with lab.up(declare.cluster("lab-single-node"), None, faults=(), progress=lambda step: None) as made:
        yield made


def execute(cluster: LabCluster, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    variables = {**environment(), "KUBECONFIG": str(cluster.kubeconfig)}
    return subprocess.run(
        [*SVCPROOF, "exec", *words], env=variables, input=stdin, capture_output=True, text=True, timeout=60
    )


@pytest.mark.lab
def test_a_command_runs_on_a_node_with_its_input_and_its_exit_code(cluster: LabCluster):
    ran = execute(cluster, "node-a", "--", "sh", "-c", "cat; exit 7", stdin="from here")

    assert (ran.returncode, ran.stdout) == (7, "from here")


@pytest.mark.lab
def test_options_of_the_command_are_its_own(cluster: LabCluster):
    ran = execute(cluster, "outside-1", "ip", "-4", "-brief", "address", "show", "eth0")

    assert "172.30.0.101/24" in ran.stdout


@pytest.mark.lab
def test_an_unknown_place_is_refused_with_those_there_are(cluster: LabCluster):
    ran = execute(cluster, "node-b", "true")

    assert ran.returncode == 4
    assert "no place 'node-b' in this lab; there is node-a, outside-1, outside-2" in ran.stderr


def test_without_a_lab_it_says_how_to_get_one(tmp_path):
    ran = subprocess.run(
        [*SVCPROOF, "exec", "node-a", "true"],
        env={**environment(), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 4
    assert "bring one up with `svcproof lab up`" in ran.stderr


def test_a_cluster_that_is_no_lab_is_refused(tmp_path):
    declared = tmp_path / "mine.yaml"
    declared.write_text("provider: kubeconfig\n")
    ran = subprocess.run([*SVCPROOF, "up", "--cluster", str(declared)], capture_output=True, text=True, timeout=60)

    assert ran.returncode == 4
    assert "is not a lab" in ran.stderr
