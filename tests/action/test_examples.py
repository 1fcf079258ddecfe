"""The files to copy into other repositories: a workflow of GitHub and a job of GitLab."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from svcproof.report import runfile
from tests.docs.test_commands import ROOT

WORKFLOW = ROOT / "examples/ci/pull-request.yml"
JOB = ROOT / "examples/ci/gitlab.yml"
PINNED = re.compile(r"actions/[\w-]+@[0-9a-f]{40}|OWNER/svcproof@COMMIT")


def test_the_workflow_may_do_little_and_uses_nothing_that_can_be_moved():
    workflow = yaml.safe_load(WORKFLOW.read_text())
    [job] = workflow["jobs"].values()

    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads the key `on` so.
    assert job["timeout-minutes"]
    for step in job["steps"]:
        assert ("uses" in step) is not ("run" in step)
        assert PINNED.fullmatch(step.get("uses", "OWNER/svcproof@COMMIT"))
        assert "${{" not in step.get("run", "")


def test_the_workflow_uses_inputs_that_the_action_has():
    declared = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    [job] = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    [ours] = [step for step in job["steps"] if step.get("uses", "").startswith("OWNER/svcproof@")]
    [kept] = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]

    assert ours["with"].keys() <= declared.keys()
    assert kept["if"] == "always()"
    assert kept["with"]["path"] == declared["results"]["default"]


def test_the_page_shows_every_input_and_output():
    declared = yaml.safe_load((ROOT / "action.yml").read_text())
    shown = re.findall("^\\| (`[^|]+`) \\|", (ROOT / "docs/ci.md").read_text(), re.MULTILINE)

    assert {*declared["inputs"], *declared["outputs"]} <= set(re.findall("`([^`]+)`", " ".join(shown)))


def test_the_job_has_gitlab_read_what_a_run_leaves():
    [job] = yaml.safe_load(JOB.read_text()).values()

    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {"junit": f"{job['variables']['RESULTS']}/junit.xml"}
    assert job["artifacts"]["paths"] == [f"{job['variables']['RESULTS']}/"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose job finds an installation in the checkout of svcproof that it makes."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "make").write_text(f'#!/bin/sh\nset -eu\ntest "$*" = "--silent -C .svcproof system .venv/.run"\n{LINK}')
    (programs / "make").chmod(0o755)
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


LINK = f"ln -s {ROOT / '.venv'} .svcproof/.venv\n"


@pytest.mark.lab
@pytest.mark.programs
def test_the_job_runs_on_a_checkout_of_its_own(project: Path):
    """But for what comes from Debian and from the registry of packages: it takes what is installed here."""
    [job] = yaml.safe_load(JOB.read_text()).values()
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
    one = "-kcluster_ip_reaches_a_backend_from_a_pod"
    script = [line.replace("svcproof run", f"svcproof run {one}") for line in job["script"]]
    variables = {
        **job["variables"],
        "SVCPROOF_SOURCE": f"file://{ROOT}",
        "SVCPROOF_COMMIT": commit,
        "PROXY": "reference",
        "PATH": f"{project.parent / 'programs'}:{Path(shutil.which('git') or '').parent}:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": str(project.parent),
    }

    for part in (script, job["after_script"]):
        lines = "\n".join(["set -eo pipefail", *part])
        done = subprocess.run(["bash", "-c", lines], cwd=project, env=variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    results = project / job["variables"]["RESULTS"]
    assert runfile.load(results).finished
    assert (project / job["artifacts"]["reports"]["junit"]).exists()
    assert (results / "run.tap").read_text().startswith("TAP version 14\n1..1\nok 1 - cluster_ip_reaches")
