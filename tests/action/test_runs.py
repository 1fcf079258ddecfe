"""The steps of the action, run as a runner runs them: what it hands over, and that no input is code."""

import json
import re
from pathlib import Path

import pytest

from svcproof.report import files, runfile
from tests.action.runner import Runner, commands
from tests.docs.test_commands import ROOT

pytestmark = pytest.mark.programs

HOSTILE = (
    "'; touch pwned; '",
    '"; touch pwned; "',
    "$(touch pwned)",
    "`touch pwned`",
    "${PATH:+$(touch pwned)}",
    "a\ntouch pwned\n",
    "--help",
    "*",
    "${{ inputs.cluster }}",
    "\\",
    "::error::x",
    "a b",
)
RESULTS = "out of a job\n::error::x"
ONE, FAULT = "cluster_ip_reaches_a_backend_from_a_pod", "proxy/service-port-used-as-target"


@pytest.fixture
def runner(tmp_path):
    for name in ("workspace", "temporary"):
        (tmp_path / name).mkdir()
    return Runner(action=ROOT, workspace=tmp_path / "workspace", temporary=tmp_path / "temporary")


@pytest.fixture
def quiet(runner, tmp_path):
    """The runner, with an action in whose place is a program that says what it was given, and leaves a run."""
    action = tmp_path / "action"
    (action / ".venv/bin").mkdir(parents=True)
    (action / "scripts").mkdir()
    (action / "action.yml").symlink_to(ROOT / "action.yml")
    (action / "Makefile").write_text(".venv/.run:\n\ttouch $@\n")
    for path, text in {"scripts/system": "", ".venv/bin/svcproof": PROGRAM}.items():
        (action / path).write_text(f"#!/usr/bin/env python3\n{text}")
        (action / path).chmod(0o755)
    runner.action = action
    return runner


PROGRAM = r"""
import json, os, pathlib, sys
words = sys.argv[1:]
if words == ["--version"]:
    print("svcproof, version 0.2.0")
elif words[0] == "run":
    results = pathlib.Path(next(word for word in words if word.startswith("--results=")).partition("=")[2])
    results.mkdir(parents=True)
    (results / "run.jsonl").touch()
    print("::error::of a cluster\n::endgroup::\n##[group]x")
    pathlib.Path("words").write_text(json.dumps(words))
    sys.exit(1)
else:
    pathlib.Path("report").write_text(json.dumps(words))
    print("::warning title=a::b")
    print("::error::of a name", file=sys.stderr)
"""


def given(runner: Runner, what: str = "words") -> list[str]:
    words: list[str] = json.loads((runner.workspace / what).read_text())
    return words


@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
def test_every_input_is_one_word_whatever_is_in_it(quiet, word):
    ended = quiet.run(proxy=word, cluster=word, kubeconfig=word, baseline=word, results=f"out/{word}")

    assert ended.codes == [0, 1, 0]
    assert given(quiet) == [
        "run",
        f"--proxy={word}",
        f"--results=out/{word}",
        f"--cluster={word}",
        f"--kubeconfig={word}",
        f"--baseline={word}",
    ]
    badges = [f"--badge=out/{word}/badge.{kind}" for kind in ("svg", "json")]
    assert given(quiet, "report") == ["report", "--github", *badges, "--", f"out/{word}"]
    assert not list(quiet.workspace.rglob("pwned"))


def test_options_are_words_of_a_line_each(quiet):
    quiet.run(proxy="mine", options="--profile=core\n\n-ka or b\n--suite=$(touch pwned)\n")

    assert given(quiet)[3:] == ["--profile=core", "-ka or b", "--suite=$(touch pwned)"]
    assert not (quiet.workspace / "pwned").exists()


def test_what_a_run_prints_is_no_command_to_the_runner(quiet):
    ended = quiet.run(proxy="mine")

    assert "::error::of a cluster\n" in ended.log
    assert "::error::of a name\n" in ended.log
    assert [name for name, _, _ in commands(ended.log)] == ["group", "endgroup", "warning"]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"proxy": ""}, "the input proxy is empty"),
        ({"proxy": "mine", "results": ""}, "the input results is empty"),
        ({"proxy": "mine", "version": "0.3.0"}, "this action is not of the version that the input version names"),
        ({"proxy": "mine", "version": "$(touch pwned)"}, "this action is not of the version"),
        ({"proxy": "mine", "results": "old"}, "there is a run in the directory"),
    ],
)
def test_what_cannot_be_run_is_refused_and_no_earlier_run_is_reported(quiet, inputs, message):
    (quiet.workspace / "old").mkdir()
    (quiet.workspace / "old/run.jsonl").touch()

    ended = quiet.run(**inputs)

    assert ended.code == 4
    first, second = (text for _, _, text in ended.annotations)
    assert first.startswith(message)
    assert second.startswith("No run began")
    assert ended.outputs["verdict"] == "no run"
    assert {path.name for path in quiet.workspace.iterdir()} == {"old"}


def test_the_version_that_it_is_of_is_taken(quiet):
    assert quiet.run(proxy="mine", version="0.2.0").code == 1


@pytest.mark.lab
def test_a_wrong_declaration_is_told_and_no_run_is_reported(runner):
    ended = runner.run(proxy="no-such-proxy'; touch pwned", options=f"-k{ONE}")

    assert ended.codes == [0, 4, 0]
    assert "no-such-proxy" in ended.log
    assert ended.outputs == {"verdict": "no run", "failed": "", "shown": "", "core": "", "run-file": ""}
    assert list(runner.workspace.iterdir()) == []


@pytest.mark.lab
def test_a_proxy_that_holds_passes(runner):
    ended = runner.run(proxy="reference", options=f"-k{ONE}", results=RESULTS)

    run_file = runner.workspace / RESULTS / "run.jsonl"
    assert ended.codes == [0, 0, 0], ended.log
    assert ended.outputs == {
        "verdict": "passed",
        "failed": "0",
        "shown": "1",
        "core": "1",
        "run-file": str(run_file),
    }
    assert runfile.load(Path(ended.outputs["run-file"])).finished
    assert ended.annotations == []
    assert {path.name for path in run_file.parent.iterdir()} == {"run.jsonl", "badge.svg", "badge.json", *files.FILES}
    assert ended.summary == (run_file.parent / "report.md").read_text()
    assert ended.summary.startswith("**✓ passed** `reference on lab`: no MUST failed; 1 of 1 core behaviour")


@pytest.mark.lab
def test_a_proxy_that_does_not_hold_fails_the_job_with_an_annotation(runner):
    ended = runner.run(proxy="reference", options=f"--fault={FAULT}\n-k{ONE}")

    assert ended.codes == [0, 1, 0], ended.log
    assert (ended.outputs["verdict"], ended.outputs["failed"]) == ("failed", "1")
    [(kind, title, text)] = ended.annotations
    assert (kind, title) == ("error", f"fail {ONE}")
    assert re.search(rf"^again: svcproof run .*-k {ONE}$", text, re.MULTILINE)
    assert f"`{ONE}`" in ended.summary
