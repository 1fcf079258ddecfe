"""A cluster that somebody else made, with kind: it is left as it was."""

import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from svcproof.kubernetes.api import Kube
from svcproof.model.cluster_spec import AddressSpan
from svcproof.model.fact import Finding
from svcproof.report import runfile
from svcproof.wait import provisioned
from tests.kind.conftest import SVCPROOF, Run, containers
from tests.kind.snapshot import at_rest, differences, snapshot
from tests.kubernetes.swap.stage import unknown

pytestmark = [pytest.mark.kind, pytest.mark.timeout(600), pytest.mark.xdist_group("kind")]

ONE = ("-k", "cluster_ip_reaches_a_backend_from_every_node")


@pytest.fixture(scope="module")
def cluster(foreign_kubeconfig: Path) -> Path:
    """The kubeconfig of its administrator."""
    at_rest(foreign_kubeconfig)
    return foreign_kubeconfig


def begin(kubeconfig: Path, environment: dict[str, str], results: Path, *more: str) -> "subprocess.Popen[bytes]":
    """A run that has begun, whose sample pods are there."""
    words = ("run", "--kubeconfig", str(kubeconfig), "--area", "cluster_ip", "--results", str(results), *more)
    run = subprocess.Popen((*SVCPROOF, *words), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with closing(Kube(kubeconfig)) as kube:
        provisioned("the sample pods", lambda: kube.list("Pod", labels="app=echo"), lambda pods: len(pods) == 3, 90)
    return run


def test_a_run_leaves_it_as_it_was(cluster: Path, svcproof: Run, agent_image: str, tmp_path: Path) -> None:
    before = snapshot(cluster)

    ended = svcproof("run", "--kubeconfig", cluster, "--image", agent_image, "--results", tmp_path / "run", *ONE)

    assert ended.returncode == 0, ended.stdout
    assert differences(before, snapshot(cluster)) == []


def test_a_run_that_installs_metallb_and_another_proxy_leaves_it_as_it_was(
    cluster: Path, svcproof: Run, agent_image: str, tmp_path: Path, metallb_manifest: str, pool: AddressSpan
) -> None:
    before = snapshot(cluster)
    with closing(Kube(cluster)) as kube:
        proxy = unknown(kube, tmp_path)
    spans = [{"first": str(pool.first), "last": str(pool.last)}]
    more = {"kubeconfig": {"path": str(cluster)}, "agent": {"image": agent_image}, "loadBalancerPool": spans}
    declared = tmp_path / "existing.yaml"
    declared.write_text(yaml.safe_dump({"provider": "kubeconfig", **more}))

    words = ("--cluster", declared, "--install-metallb", "--metallb-manifest", metallb_manifest, "--proxy", proxy)
    ended = svcproof("run", *words, "--results", tmp_path / "run", "-k", "load_balancer_address_reaches_a_backend")
    changed = [line.partition("\n")[0] for line in differences(before, snapshot(cluster))]

    assert ended.returncode == 0, ended.stdout
    assert "mine" in ended.stdout
    assert [line for line in changed if "kube-system/kube-proxy" not in line] == []  # its pods have other names


def test_its_clients_outside_are_containers_beside_its_nodes(
    cluster: Path, svcproof: Run, agent_image: str, tmp_path: Path
) -> None:
    others = set(containers())
    ids = ("external_ip_reaches_a_backend_from_outside", "cluster_ip_asked_from_outside")
    words = ("--image", agent_image, "--results", tmp_path / "run", "-k", " or ".join(ids))
    ended = svcproof("run", "--kubeconfig", cluster, *words)
    run = runfile.load(tmp_path / "run")

    assert ended.returncode == 0, ended.stdout
    assert {fact.id: fact.finding for fact in run.facts} == dict.fromkeys(ids, Finding.CONFIRMED)
    assert set(containers()) - others == set()


def test_an_interrupted_run_leaves_it_as_it_was(
    cluster: Path, environment: dict[str, str], agent_image: str, tmp_path: Path
) -> None:
    before = snapshot(cluster)
    run = begin(cluster, environment, tmp_path / "run", "--image", agent_image)

    run.send_signal(signal.SIGINT)

    assert run.wait() == 2
    assert differences(before, snapshot(cluster)) == []


@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "on another machine"])
def test_what_a_killed_run_left_is_cleaned_away(
    cluster: Path, environment: dict[str, str], svcproof: Run, agent_image: str, tmp_path: Path, elsewhere: bool
) -> None:
    before, others = snapshot(cluster), set(containers())
    elsewhere_too = environment | ({"XDG_STATE_HOME": str(tmp_path / "other")} if elsewhere else {})
    run = begin(cluster, elsewhere_too, tmp_path / "run", "--image", agent_image)
    run.kill()
    run.wait()
    which = ("--kubeconfig", cluster) if elsewhere else ()
    assert differences(before, snapshot(cluster))

    would = svcproof("clean", "--dry-run", *which)
    assert would.stdout.startswith("would remove what run")
    assert differences(before, snapshot(cluster))

    cleaned = svcproof("clean", *which)
    assert cleaned.returncode == 0, cleaned.stderr
    assert differences(before, snapshot(cluster)) == []
    # The clients outside are containers of the machine where the run was begun.
    subprocess.run((*SVCPROOF, "clean"), env=elsewhere_too, check=True, capture_output=True)
    assert set(containers()) - others == set()


def test_a_run_that_is_alive_here_is_not_cleaned_away(
    cluster: Path, environment: dict[str, str], svcproof: Run, agent_image: str, tmp_path: Path
) -> None:
    run = begin(cluster, environment, tmp_path / "run", "--image", agent_image)
    try:
        assert svcproof("clean", "--kubeconfig", cluster).stdout == "nothing was left behind\n"
    finally:
        run.send_signal(signal.SIGINT)
        run.wait()
