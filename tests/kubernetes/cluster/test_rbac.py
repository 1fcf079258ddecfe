"""What `svcproof rbac`, `svcproof job` and `svcproof sonobuoy-plugin` print."""

import subprocess
import sys
from typing import Any

import pytest
import yaml

from svcproof.kubernetes.cluster import job, rbac

pytestmark = pytest.mark.programs

SVCPROOF = (sys.executable, "-c", "from svcproof.cli import main; main(prog_name='svcproof')")


def printed(*words: str) -> list[dict[str, Any]]:
    said = subprocess.run((*SVCPROOF, *words), capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(said.stdout))


def kinds(objects: list[dict[str, Any]]) -> list[str]:
    return [str(one["kind"]) for one in objects]


def test_it_gives_one_account_a_role_in_each_namespace_and_only_reading_elsewhere() -> None:
    objects = printed("rbac", "--namespaces", "3")

    assert kinds(objects).count("Namespace") == 3
    assert kinds(objects).count("ServiceAccount") == 1
    for one in objects:
        outside = one["metadata"].get("namespace", "") not in rbac.names(3)
        if one["kind"] in ("Role", "ClusterRole") and outside:
            assert {verb for rule in one["rules"] for verb in rule["verbs"]} <= {"get", "list"}


def test_nothing_is_granted_by_a_wildcard() -> None:
    rules = [rule for one in printed("rbac", "--for-proxy") for rule in one.get("rules", ())]

    assert not [rule for rule in rules for words in rule.values() if "*" in words]


def test_a_user_gets_it_where_one_is_named() -> None:
    objects = printed("rbac", "--user", "jane")

    assert "ServiceAccount" not in kinds(objects)
    subjects = [subject for one in objects for subject in one.get("subjects", ())]
    assert {(one["kind"], one["name"]) for one in subjects} == {("User", "jane")}


def test_a_job_runs_with_that_account_as_the_restricted_standard_wants_it() -> None:
    made = printed("job", "--image", "mine:1", "--", "--profile", "core", "-k", "a or b")[-1]
    pod = made["spec"]["template"]["spec"]

    assert pod["serviceAccountName"] == "svcproof"
    assert pod["containers"][0]["securityContext"]["runAsNonRoot"] is True
    assert "svcproof run --cluster=kubeconfig --profile core -k 'a or b'" in pod["containers"][0]["command"][-1]


def test_a_volume_takes_the_results_where_one_is_named() -> None:
    (volume,) = job.job("ns", "mine:1", (), "claim")["spec"]["template"]["spec"]["volumes"]

    assert volume["persistentVolumeClaim"] == {"claimName": "claim"}


@pytest.mark.parametrize("ends", [0, 3])
def test_the_script_ends_as_the_run_does_and_does_what_comes_then(tmp_path, ends: int) -> None:
    (tmp_path / "svcproof").write_text(f"#!/bin/sh\nexit {ends}\n")
    (tmp_path / "svcproof").chmod(0o755)
    script = job.script((), "results", "echo then")

    ended = subprocess.run(
        ("/bin/sh", "-c", script),
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (ends, "then\n")
