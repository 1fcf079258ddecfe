"""The declaration of the action: what GitHub refuses, and what would make data into code.

https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
"""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Run
from svcproof.report import begin
from svcproof.report.ci.step import outputs
from svcproof.report.outcome import Word

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "action.yml").read_text()
ACTION = yaml.safe_load(TEXT)
STEPS = ACTION["runs"]["steps"]
ID = re.compile(r"[A-Za-z_][\w-]*")
COLOURS = {"white", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"}
UNSPLIT = re.compile(r"^svcproof=\$GITHUB_ACTION_PATH|^token=\$\(|code=\$\?$|^output=\$\(")
OF_A_STEP = {"name", "id", "if", "run", "shell", "env", "working-directory", "continue-on-error"}


def test_it_is_a_composite_action_with_the_keys_that_one_has():
    assert set(ACTION) == {"name", "description", "author", "branding", "inputs", "outputs", "runs"}
    assert ACTION["branding"]["color"] in COLOURS
    assert set(ACTION["runs"]) == {"using", "steps"}
    assert ACTION["runs"]["using"] == "composite"


def test_one_input_is_required_and_every_other_has_a_default():
    inputs = ACTION["inputs"]

    assert [name for name, about in inputs.items() if about.get("required")] == ["proxy"]
    assert all(ID.fullmatch(name) and about["description"] for name, about in inputs.items())
    assert all(isinstance(about["default"], str) for name, about in inputs.items() if name != "proxy")


def test_every_output_is_one_that_a_step_makes():
    run = Run(header=begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine")))
    made = outputs(run, run.verdicts(), Path("out"))

    assert set(ACTION["outputs"]) == set(made)
    for name, about in ACTION["outputs"].items():
        assert about["description"]
        assert about["value"] == f"${{{{ steps.report.outputs.{name} }}}}"


def test_the_words_of_the_verdict_are_those_that_there_are():
    told = set(re.findall("`([a-z ]+)`", ACTION["outputs"]["verdict"]["description"]))

    assert told == {*Word, "no run"}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["name"])
def test_a_step_is_a_script_of_bash_into_which_nothing_is_pasted(step):
    assert set(step) <= OF_A_STEP
    assert step["shell"] == "bash"
    assert "${{" not in step["run"]
    assert "eval" not in step["run"]
    assert step.get("if") in {None, "always()"}
    for text in step.get("env", {}).values():
        assert re.fullmatch(r"\$\{\{ (inputs\.[\w-]+|steps\.\w+\.outputs\.[\w-]+) \}\}", text)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step["name"])
def test_a_variable_of_a_script_is_never_split_into_words(step):
    """Each is in quotes, or where bash splits nothing: in an assignment, a test of a loop, a here-string."""
    bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", re.sub(r'\$\("\$svcproof" --version\)', "", step["run"]))
    unquoted = [line.strip() for line in bare.splitlines() if "$" in line]

    assert [line for line in unquoted if not UNSPLIT.search(line)] == []


def test_every_input_reaches_a_step():
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", TEXT))

    assert used == set(ACTION["inputs"])


def test_nothing_is_fetched_but_what_the_lock_file_names():
    scripts = "\n".join(step["run"] for step in STEPS)

    assert not re.search(r"\b(curl|wget|git|pip|npx|docker|uses)\b", scripts)
    assert "make --silent .venv/.run" in scripts
    assert "requirements/%.txt" in (ROOT / "Makefile").read_text()


def test_the_version_is_printed_as_the_action_compares_it():
    told = CliRunner().invoke(main, ["--version"], prog_name="svcproof").output

    assert told == f"svcproof, version {version('svcproof')}\n"
