"""A cluster of kind from its beginning to its end, whoever ends it, and when."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from svcproof.kubernetes.kind import kind_program
from svcproof.report import runfile
from svcproof.wait import provisioned
from tests.kind.conftest import SVCPROOF, Run, containers

pytestmark = [pytest.mark.kind, pytest.mark.timeout(420), pytest.mark.xdist_group("kind")]

ONE = "cluster_ip_answers_each_of_many_connections"


def test_a_cluster_is_kept_taken_up_and_refused_and_a_killed_run_in_it_cleared_up(
    svcproof: Run, declared: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    name = f"svcproof-{declared.stem}"
    run = ("run", "--cluster", declared, "--results")

    made = svcproof("kind", "up", "--cluster", declared)
    assert made.returncode == 0, made.stderr
    assert f"{name}  1 node, kept" in svcproof("kind", "list").stdout

    taken_up = svcproof(*run, tmp_path / "one", "-k", ONE)
    assert taken_up.returncode == 0, taken_up.stdout
    assert f"taking up the cluster {name}, which is kept" in taken_up.stdout
    versions = runfile.load(tmp_path / "one" / "run.jsonl").versions
    assert {"kubernetes", "kind", "node image", "kernel", "containerd", "kube-proxy", "nft"} <= versions.keys()

    other_mode = ("--proxy", "kube-proxy-nftables")
    with killed_once(
        tmp_path / "two", declared, environment, lambda: "pod/client" in pods(name), *other_mode
    ) as second:
        assert "mode: nftables" in asked(name, "get", "configmap", "kube-proxy", "-n", "kube-system", "-o", "yaml")
        assert "in use by process" in svcproof(*run, tmp_path / "three").stdout
        assert "in use by process" in svcproof("kind", "down", declared.stem).stderr
        second.kill()
    cleaned = svcproof("clean")
    assert "which is kept" in cleaned.stdout, cleaned.stderr
    assert [one for one in containers() if declared.stem in one] == [f"{name}-control-plane"]
    assert "pod/client" not in pods(name)
    assert "mode: iptables" in asked(name, "get", "configmap", "kube-proxy", "-n", "kube-system", "-o", "yaml")

    other = yaml.safe_load(declared.read_text()) | {"nodes": [{"name": "control-plane", "zone": "elsewhere"}]}
    declared.write_text(yaml.safe_dump(other))
    refused = svcproof(*run, tmp_path / "four")
    assert refused.returncode == 3
    assert f"svcproof kind down {declared.stem}" in refused.stdout

    gone = svcproof("kind", "down", declared.stem)
    assert gone.returncode == 0, gone.stderr
    assert nothing_is_left_of(declared, environment)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_run_ended_while_its_cluster_is_made_leaves_nothing(
    how: signal.Signals, svcproof: Run, declared: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    with killed_once(tmp_path, declared, environment, lambda: bool(of(declared))) as process:
        process.send_signal(how)
        process.wait(120)

    if how == signal.SIGKILL:
        cleaned = svcproof("clean")
        assert f"removed the cluster svcproof-{declared.stem}" in cleaned.stdout, cleaned.stderr

    assert nothing_is_left_of(declared, environment)


@contextmanager
def killed_once(
    results: Path, declared: Path, environment: dict[str, str], moment: Callable[[], bool], *options: str
) -> Iterator["subprocess.Popen[str]"]:
    """A run that has come to a moment."""
    words = (*SVCPROOF, "run", "--cluster", str(declared), "--area", "cluster_ip", *options)
    words += ("--results", str(results))
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            provisioned("the moment", moment, bool, 120, every=0.2)
            yield process
        finally:
            process.kill()


def pods(cluster: str) -> str:
    """The pods of all namespaces."""
    return asked(cluster, "get", "pods", "-A", "-o", "name")


def asked(cluster: str, *words: str) -> str:
    """What kubectl says on the node."""
    kubectl = ("docker", "exec", f"{cluster}-control-plane", "kubectl", "--kubeconfig=/etc/kubernetes/admin.conf")
    return subprocess.run((*kubectl, *words), capture_output=True, text=True, timeout=30, check=False).stdout


def of(declared: Path) -> tuple[str, ...]:
    """The containers of the declared cluster."""
    return tuple(one for one in containers() if declared.stem in one)


def nothing_is_left_of(declared: Path, environment: dict[str, str]) -> bool:
    """No cluster, container or note of a run, and the user's own kubeconfig as it was."""
    assert of(declared) == ()
    assert declared.stem not in " ".join(kind_program.find().clusters())
    state = Path(environment["XDG_STATE_HOME"]) / "svcproof"
    assert [*(state / "runs").iterdir(), *(state / "locks").iterdir()] == []
    assert Path(environment["KUBECONFIG"]).read_text() == "apiVersion: v1\nkind: Config\ncurrent-context: mine\n"
    return True
