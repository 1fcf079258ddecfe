"""Clusters of kind for tests: declared in a file of their own, under names that nobody else has."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from svcproof.kubernetes import metallb
from svcproof.kubernetes.kind import engine
from svcproof.model.cluster_spec import SMALL_PYTHON, AddressSpan

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def agent_image() -> str:
    """An image for sample pods: SVCPROOF_IMAGE, or the usual one where the engine has it."""
    image = os.environ.get("SVCPROOF_IMAGE") or SMALL_PYTHON
    if not engine.find().has_image(image):
        pytest.skip(f"{image} is not here: set SVCPROOF_IMAGE to an image with a python3 that the engine has")
    return image


@pytest.fixture
def metallb_manifest() -> str:
    """The manifest of a MetalLB whose images the engine has: SVCPROOF_METALLB_MANIFEST."""
    if "SVCPROOF_METALLB_MANIFEST" not in os.environ:
        pytest.skip("SVCPROOF_METALLB_MANIFEST names no manifest of MetalLB")
    return os.environ["SVCPROOF_METALLB_MANIFEST"]


@pytest.fixture
def pool() -> AddressSpan:
    """Addresses of kind's network that nobody has."""
    there = engine.network(engine.find())
    return metallb.free_addresses(next(one for one in there.ranges if one.version == 4), there.taken, ())


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has no other runs, and a kubeconfig that is not to be touched."""
    kubeconfig = tmp_path / "users-own"
    kubeconfig.write_text("apiVersion: v1\nkind: Config\ncurrent-context: mine\n")
    return os.environ | {"XDG_STATE_HOME": str(tmp_path / "state"), "KUBECONFIG": str(kubeconfig)}


@pytest.fixture
def declared(tmp_path: Path, node_image: str, agent_image: str) -> Iterator[Path]:
    """A dual-stack cluster of one node; whatever a test leaves of it is removed."""
    file = tmp_path / f"test-{secrets.token_hex(3)}.yaml"
    cluster = {
        "provider": "kind",
        "agent": {"image": agent_image},
        "kind": {"image": node_image},
        "nodes": [{"name": "control-plane", "zone": "here"}],
        "families": ["ipv4", "ipv6"],
        "podRanges": ["10.244.0.0/16", "fd00:10:244::/56"],
        "serviceRanges": ["10.96.0.0/16", "fd00:10:96::/112"],
        "outside": 1,
    }
    file.write_text(yaml.safe_dump(cluster))
    yield file
    there = engine.find()
    there.remove(*(name for name in containers() if file.stem in name))


@pytest.fixture
def svcproof(environment: dict[str, str]) -> Run:
    """Runs `svcproof` and returns how it ended."""

    def run(*words: object) -> "subprocess.CompletedProcess[str]":
        said = tuple(map(str, words))
        return subprocess.run((*SVCPROOF, *said), capture_output=True, text=True, env=environment, check=False)

    return run


def containers(label: str = "") -> tuple[str, ...]:
    """Names of all containers there are, or of those with a label."""
    narrowed = ("--filter", f"label={label}") if label else ()
    return tuple(engine.find().run("ps", "--all", "--format", "{{.Names}}", *narrowed).split())
