"""Programs of the user's that install a proxy."""

from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.swap import helm
from svcproof.kubernetes.swap.install_methods import run_script


def test_a_script_is_told_where_the_cluster_is_and_what_to_do(tmp_path: Path) -> None:
    script = tmp_path / "proxy"
    script.write_text(f'#!/bin/sh\necho "$KUBECONFIG $1" > {tmp_path}/told\n')
    script.chmod(0o755)

    run_script(str(script), "install", Path("/some/kubeconfig"))

    assert (tmp_path / "told").read_text() == "/some/kubeconfig install\n"


def test_a_chart_needs_helm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ProvisionError, match=r"helm is not on PATH: install it \(https://"):
        helm.require_helm()
