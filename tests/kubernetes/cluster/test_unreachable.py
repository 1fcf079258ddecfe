"""What a user is told of a cluster that cannot be asked: what was tried, what was seen, what to do; no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.programs

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')")
LOG_IN = {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login", "installHint": "Get it there."}
NO_CERTIFICATE = {"certificate-authority-data": "bm90IGEgY2VydGlmaWNhdGU="}
CASES = [
    ({}, {"token": "x"}, 3, ("Connection refused", "Is the cluster at https://127.0.0.1:1 up", "kubectl get nodes")),
    ({}, {"exec": LOG_IN}, 4, ("'no-such-login', which is not there. Get it there.",)),
    ({}, {"tokenFile": "/no/such/token"}, 4, ("needs tokenFile /no/such/token", "no such file")),
    (NO_CERTIFICATE, {"token": "x"}, 4, ("kubeconfig", "cannot be used", "certificate")),
    ({}, {"auth-provider": {"name": "gcp"}}, 4, ("kubeconfig", "cannot be used", "auth-provider")),
]


@pytest.mark.parametrize("command", ["run", "clean"])
@pytest.mark.parametrize(("cluster", "user", "code", "words"), CASES, ids=["server", "exec", "file", "ca", "provider"])
def test_it_is_told_on_one_screen(
    tmp_path: Path, command: str, cluster: dict[str, str], user: dict[str, object], code: int, words: tuple[str, ...]
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    whole = {
        "current-context": "it",
        "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        "clusters": [{"name": "it", "cluster": {"server": "https://127.0.0.1:1", **cluster}}],
        "users": [{"name": "it", "user": user}],
    }
    kubeconfig.write_text(yaml.safe_dump(whole))
    more = ("--results", str(tmp_path / "run"), "-k", "cluster_ip_reaches") if command == "run" else ()

    ended = subprocess.run(
        (*SVCPROOF, command, "--kubeconfig", str(kubeconfig), *more),
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=False,
    )

    said = ended.stdout + ended.stderr
    assert [word for word in words if word not in said] == [], said
    assert (ended.returncode, "Traceback" in said) == (code, False), said
    assert len(said.splitlines()) < 60
