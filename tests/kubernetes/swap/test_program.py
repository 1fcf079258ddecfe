"""Programs of the user's, run."""

import os
import time
from pathlib import Path

import pytest

from svcproof.errors import ProvisionError
from svcproof.kubernetes.swap import helm
from svcproof.kubernetes.swap.program import run

KUBECONFIG = Path("/some/kubeconfig")


def test_it_is_told_where_the_cluster_is() -> None:
    assert run(("sh", "-c", 'echo "$KUBECONFIG $0 $1"', "a", "b"), KUBECONFIG) == "/some/kubeconfig a b\n"


def test_what_fails_is_told_with_its_last_lines() -> None:
    with pytest.raises(ProvisionError) as failure:
        run(("sh", "-c", "seq 100; echo no such thing >&2; exit 3"), KUBECONFIG)

    lines = str(failure.value).splitlines()
    assert lines[0].endswith("failed with exit code 3; its last lines:")
    assert lines[1] == "  86"
    assert lines[-1] == "  no such thing"


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(ProvisionError, match=r"could not start \./nowhere: .*No such file"):
        run(("./nowhere",), KUBECONFIG)


def test_what_takes_too_long_is_killed_with_all_it_has_started(tmp_path: Path) -> None:
    script = f"sleep 300 & echo $! > {tmp_path}/child; echo begun; wait"
    with pytest.raises(ProvisionError, match=r"(?s)was not over after 0.5 s; its last lines:\n  begun"):
        run(("sh", "-c", script), KUBECONFIG, within=0.5)

    child = int((tmp_path / "child").read_text())
    until = time.monotonic() + 10
    while _runs(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(child)


def test_a_chart_needs_helm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ProvisionError, match=r"helm is not on PATH: install it \(https://"):
        helm.require_helm()


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
