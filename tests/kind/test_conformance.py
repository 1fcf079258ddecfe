"""What CI jobs do: the core behaviours on a cluster of three nodes, against each mode of kube-proxy, with MetalLB."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from harness.report import runfile
from tests.kind.conftest import SVCPROOF, containers

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.kind, pytest.mark.timeout(900), pytest.mark.xdist_group("kind")]


@dataclass(frozen=True)
class Kept:
    """A cluster that is kept for the tests of this module."""

    declaration: Path
    environment: dict[str, str]

    def svcproof(self, *words: object) -> "subprocess.CompletedProcess[str]":
        said = tuple(map(str, words))
        return subprocess.run((*SVCPROOF, *said), capture_output=True, text=True, env=self.environment, check=False)


def declare(like: str, folder: Path, node_image: str, agent_image: str) -> Path:
    """A declaration as one of ours, with images that are here, under a name that nobody else has."""
    spec = yaml.safe_load((ROOT / "fixtures" / "clusters" / f"{like}.yaml").read_text())
    file = folder / f"leg-{secrets.token_hex(3)}.yaml"
    file.write_text(yaml.safe_dump(spec | {"kind": {"image": node_image}, "agent": {"image": agent_image}}))
    return file


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return os.environ | {"XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}


@pytest.fixture(scope="module")
def kept(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str], node_image: str, agent_image: str
) -> Iterator[Kept]:
    declaration = declare("kind", tmp_path_factory.mktemp("kept"), node_image, agent_image)
    one = Kept(declaration, environment)
    made = one.svcproof("kind", "up", "--cluster", declaration)
    assert made.returncode == 0, made.stderr
    yield one
    gone = one.svcproof("kind", "down", declaration.stem)
    assert gone.returncode == 0, gone.stderr
    assert [name for name in containers() if declaration.stem in name] == []


@pytest.mark.parametrize("mode", ["iptables", "nftables"])
def test_every_core_behaviour_of_kube_proxy_passes(kept: Kept, mode: str, tmp_path: Path) -> None:
    """The other mode is swapped in on the running cluster."""
    options = ("--profile", "core", "--workers", "2", "--results", tmp_path / "results")
    ran = kept.svcproof("run", "--cluster", kept.declaration, "--proxy", f"kube-proxy-{mode}", *options)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    shown = runfile.load(tmp_path / "results" / "run.jsonl")
    assert len(shown.facts) > 100


def test_behaviours_of_both_ip_families_pass_on_a_cluster_made_for_one_run(
    environment: dict[str, str], tmp_path: Path, node_image: str, agent_image: str
) -> None:
    declaration = declare("kind-dual", tmp_path, node_image, agent_image)
    one = Kept(declaration, environment)
    options = ("--area", "dual_stack", "--area", "cluster_ip", "--results", tmp_path / "results")
    ran = one.svcproof("run", "--cluster", declaration, *options)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [name for name in containers() if declaration.stem in name] == []
