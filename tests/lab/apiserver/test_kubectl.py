"""kubectl, unmodified, in plain use."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import binaries

pytestmark = pytest.mark.lab
Kubectl = Callable[..., str]


@pytest.fixture
def kubectl(kubeconfig: Path, tmp_path: Path) -> Kubectl:
    environment = {**os.environ, "KUBECONFIG": str(kubeconfig), "KUBECACHEDIR": str(tmp_path / "cache")}
    program = str(binaries.find("kubectl").path)

    def run(*arguments: str, stdin: str = "") -> str:
        done = subprocess.run(
            [program, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_a_created_and_exposed_deployment_gets_a_cluster_ip_and_a_node_port(kubectl: Kubectl) -> None:
    kubectl("create", "deployment", "web", "--image=nginx", "--port=80")
    kubectl("expose", "deployment", "web", "--type=NodePort")

    row = kubectl("get", "service", "web", "--no-headers").split()

    assert row[:2] == ["web", "NodePort"]
    assert row[2].startswith("10.96.")
    assert 30000 <= int(row[4].removeprefix("80:").removesuffix("/TCP")) <= 32767


def test_an_applied_service_is_unchanged_when_applied_again(kubectl: Kubectl) -> None:
    manifest = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {ports: [{port: 5432}]}"

    first = kubectl("apply", "-f", "-", stdin=manifest)
    again = kubectl("apply", "-f", "-", stdin=manifest)

    assert (first, again) == ("service/db created\n", "service/db unchanged\n")
