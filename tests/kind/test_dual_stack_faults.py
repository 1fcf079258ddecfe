"""Each behaviour of dual-stack Services holds on a cluster of kind, and is refuted under each fault it names."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from svcproof import declare
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.kubernetes.api import Kube
from svcproof.model.behaviour import Level
from svcproof.model.options import Options
from svcproof.model.verdict import Ruling
from svcproof.model.vocabulary import Capability
from svcproof.providers import kind
from svcproof.providers.lab.faults import FAULTS_BY_HAND
from svcproof.report import runfile
from tests.kind.conftest import SVCPROOF
from tests.kind.faults import FAULTS, Place

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
AREA = "dual_stack"
BEHAVIOURS = {one.id: one for one in catalogue(suites_dir()) if one.area == AREA}
CLUSTER = {
    "provider": "kind",
    "nodes": [{"name": "worker"}, {"name": "control-plane"}],
    "families": ["ipv4", "ipv6"],
    "podRanges": ["10.244.0.0/16", "fd00:10:244::/56"],
    "serviceRanges": ["10.96.0.0/16", "fd00:10:96::/112"],
    "outside": 0,  # runs on its kubeconfig have this machine for one
}
Run = Callable[..., Mapping[str, Ruling]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, node_image: str) -> Iterator[tuple[Place, Path]]:
    """A cluster of kind with kube-proxy in iptables mode and with MetalLB, and its kubeconfig."""
    file = tmp_path_factory.mktemp("cluster") / "dual-stack-faults.yaml"
    file.write_text(yaml.safe_dump({**CLUSTER, "kind": {"image": node_image}}))
    spec, proxy = declare.pair(Options(cluster=str(file), proxy="kube-proxy-iptables"))
    if why := kind.capabilities(spec).get(Capability.LOAD_BALANCER):
        pytest.skip(why)
    with (
        kind.up(spec, proxy, faults=(), progress=lambda step: None) as made,
        closing(Kube(made.kubeconfig)) as kube,
    ):
        nodes = tuple(node.name for node in made.nodes)
        yield Place(kube, nodes, str(spec.pod_ranges[1])), made.kubeconfig


@pytest.fixture(scope="module")
def run(place: tuple[Place, Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A function that makes the checks of some behaviours on the cluster and returns what was ruled."""

    def run(*names: str) -> Mapping[str, Ruling]:
        results = tmp_path_factory.mktemp("run") / "results"
        chosen = ("--area", AREA, "--results", str(results), *(("-k", " or ".join(names)) if names else ()))
        words = (*SVCPROOF, "run", "--kubeconfig", str(place[1]), *chosen)
        ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=800)
        assert (results / "run.jsonl").exists(), ended.stdout + ended.stderr
        return {one.behaviour.id: one.ruling for one in runfile.load(results).verdicts()}

    return run


def test_every_fault_is_made_somewhere_and_named_by_a_behaviour_of_two_families() -> None:
    named = {fault for one in BEHAVIOURS.values() for fault in one.faults}

    assert set(FAULTS) == {name for name in FAULTS_BY_HAND if name.startswith("kind/")} == named


def test_all_hold_on_a_sound_cluster(run: Run) -> None:
    assert run() == dict.fromkeys(BEHAVIOURS, Ruling.PASS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen_by_each_behaviour_that_names_it(run: Run, place: tuple[Place, Path], fault: str) -> None:
    names = [one.id for one in BEHAVIOURS.values() if fault in one.faults]

    with FAULTS[fault](place[0]):
        ruled = run(*names)

    refuted = {name: Ruling.FAIL if BEHAVIOURS[name].level is Level.MUST else Ruling.WEAK for name in names}
    assert {name: ruled[name] for name in names} == refuted
