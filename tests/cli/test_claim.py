"""`svcproof claim`: made of a run of the whole suite, signed by ssh-keygen, and checked."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.model.behaviour import Level
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import COMPLETED, Finished, Run
from svcproof.report import begin, runfile

pytestmark = pytest.mark.programs

ABOUT = """\
project:
  organisation: Example
  name: Mine
  version: 1.2.3
  url: https://example.org/
  contact: me@example.org
runUrl: https://example.org/run.jsonl.gz
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A run of the whole suite in which all holds."""
    selected = tuple(each for each in catalogue(suites_dir()) if "external-ips-off" not in each.features)
    facts = tuple(
        Fact(id=each.id, finding=Finding.CONFIRMED, record="so" if each.level is Level.MAY else "") for each in selected
    )
    header = begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine"))
    finished = Finished(at=header.started, seconds=1.0, why=COMPLETED)
    runfile.store(Run(header=header, behaviours=selected, facts=facts, finished=finished), tmp_path / "results")
    return tmp_path / "results"


@pytest.fixture
def about(tmp_path: Path) -> Path:
    (tmp_path / "about.yaml").write_text(ABOUT)
    return tmp_path / "about.yaml"


@pytest.fixture
def claimed(results: Path, about: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make a claim of the run, as a file."""

    def make(*options: str) -> Path:
        ended = claim(results, "--about", about, *options)
        assert ended.exit_code == 0, ended.output
        (tmp_path / "claim.yaml").write_text(ended.output)
        return tmp_path / "claim.yaml"

    return make


def claim(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["claim", *map(str, arguments)])


def test_a_claim_of_a_run_holds_and_says_all_that_the_run_shows(results: Path, claimed: Callable[..., Path]) -> None:
    file = claimed()
    values = yaml.safe_load(file.read_text())

    assert values["run"]["extent"] == "whole"
    assert values["run"]["url"] == "https://example.org/run.jsonl.gz"
    assert values["numbers"]["core"]["shown"] == values["numbers"]["core"]["of"] == values["suite"]["core"]
    ended = claim("--check", file, results)
    assert ended.exit_code == 0
    assert f"{file} holds, by {results}" in ended.output


def test_options_take_the_place_of_what_the_file_says(claimed: Callable[..., Path]) -> None:
    project = yaml.safe_load(claimed("--version", "1.2.4", "--contact", "you@example.org").read_text())["project"]

    assert (project["version"], project["contact"], project["organisation"]) == ("1.2.4", "you@example.org", "Example")


def test_everything_that_nobody_says_is_told_at_once(results: Path) -> None:
    ended = claim(results, "--version", "main")

    assert ended.exit_code == 4
    for name in ("organisation", "url", "contact"):
        assert f"nobody says the {name}: say it with --{name}" in ended.output
    assert "'main' is no version that stays what it is" in ended.output


def test_an_edited_claim_does_not_hold_and_the_place_is_told(results: Path, claimed: Callable[..., Path]) -> None:
    file = claimed()
    lines = file.read_text().splitlines()
    number = next(number for number, line in enumerate(lines, 1) if line.startswith("  core: {of: "))
    lines[number - 1] = lines[number - 1].replace("failed: 0", "failed: 1")
    file.write_text("\n".join(lines))

    ended = claim("--check", file, results)
    assert ended.exit_code == 1
    assert f"claim.yaml:{number}:" in ended.output
    assert "numbers.core.failed: is 1, and the run file shows 0" in ended.output
    assert "does not hold: 1 thing to object to" in ended.output


def test_a_row_that_was_taken_out_of_the_run_file_is_noticed(results: Path, claimed: Callable[..., Path]) -> None:
    file = claimed()
    lines = (results / "run.jsonl").read_text().splitlines(keepends=True)
    (results / "run.jsonl").write_text("".join(lines[:10] + lines[11:]))

    ended = claim("--check", file, results)
    assert ended.exit_code == 1
    assert "run.jsonl:11: not a line of a svcproof run: its digest does not fit" in ended.output
    assert claim(results).exit_code == 4


def test_what_is_no_run_or_no_claim_is_wrong_usage(results: Path, claimed: Callable[..., Path], tmp_path: Path) -> None:
    file = claimed()
    assert claim("--check", file, tmp_path / "nowhere").exit_code == 4
    file.write_text(file.read_text().replace("  core: {of: ", "  core: {off_: "))
    ended = claim("--check", file, results)
    assert ended.exit_code == 4
    assert "numbers.core.off_: unknown key (did you mean of" in ended.output


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh-keygen")
def test_a_claim_that_ssh_keygen_signs_is_verified(results: Path, claimed: Callable[..., Path], tmp_path: Path) -> None:
    file, signers = claimed("--signed", "ssh"), tmp_path / "signers"
    unsigned = claim("--check", file, results, "--signers", signers)
    for key in ("key", "other"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / key))
    run("ssh-keygen", "-q", "-Y", "sign", "-n", "svcproof", "-f", str(tmp_path / "key"), str(file))
    signers.write_text(f"me@example.org {(tmp_path / 'key.pub').read_text()}")
    sound, unknown = claim("--check", file, results, "--signers", signers), claim("--check", file, results)
    signers.write_text(f"you@example.org {(tmp_path / 'key.pub').read_text()}me@example.org {other_key(tmp_path)}")
    by_another = claim("--check", file, results, "--signers", signers)

    assert unsigned.exit_code == 1
    assert "is to be signed with ssh, and there is no file" in unsigned.output
    assert sound.exit_code == 0
    assert "signed by me@example.org, with a key in" in sound.output
    assert unknown.exit_code == 0
    assert "is not verified: name the keys you trust with --signers" in unknown.output
    assert by_another.exit_code == 1
    assert "is not signed by me@example.org" in by_another.output


def test_who_demands_a_signature_does_not_take_a_claim_without_one(
    results: Path, claimed: Callable[..., Path], tmp_path: Path
) -> None:
    ended = claim("--check", claimed(), results, "--signers", tmp_path / "signers")
    assert ended.exit_code == 1
    assert "is not signed" in ended.output


@pytest.mark.parametrize(("signed", "end"), [("minisign", ".minisig"), ("cosign", ".sigstore.json")])
def test_the_command_for_other_signatures_is_told(
    results: Path, claimed: Callable[..., Path], signed: str, end: str
) -> None:
    file = claimed("--signed", signed)
    Path(f"{file}{end}").write_text("a signature")
    ended = claim("--check", file, results)

    assert ended.exit_code == 0
    assert f"the signature is not verified here: {signed} " in ended.output


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=60)


def other_key(folder: Path) -> str:
    return (folder / "other.pub").read_text()
