"""`svcproof site`: a folder of runs and claims becomes a folder of pages."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from svcproof.cli import main
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.fact import Fact, Finding
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run
from svcproof.report import begin, runfile

pytestmark = pytest.mark.programs


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    core = next(each for each in catalogue(suites_dir()) if each.core)
    header = begin(ClusterSpec(name="lab", provider="lab"), ProxySpec(name="mine"))
    run = Run(
        header=header,
        behaviours=(core,),
        facts=(Fact(id=core.id, finding=Finding.REFUTED, reason="no answer"),),
        finished=Finished(at=header.started, seconds=1.0),
    )
    runfile.store(run, tmp_path / "collected" / "mine")
    (tmp_path / "collected" / "known-issues.yaml").write_text(
        f"issues: [{{behaviour: {core.id}, target: proxy, proxy: mine, url: 'https://example.org/5'}}]\n"
    )
    return tmp_path / "collected"


def site(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["site", *map(str, arguments)])


def test_a_site_is_made_twice_with_the_same_bytes(collected: Path, tmp_path: Path) -> None:
    (collected / "mine" / "claim.yaml").write_text("claim: 7\n")
    ended = site(collected, "--out", tmp_path / "public")
    first = {path: path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()}
    again = site(collected, "--out", tmp_path / "public")

    assert ended.exit_code == again.exit_code == 0
    assert "runs 1, claims 1, known issues 1" in ended.output
    assert "the claim of mine does not hold, and is shown so: claim.yaml:1:" in ended.output
    assert first == {path: path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()}
    assert b"https://example.org/5" in first[tmp_path / "public" / "compare.html"]


def test_what_cannot_be_shown_is_refused_and_the_old_site_stays(collected: Path, tmp_path: Path) -> None:
    site(collected, "--out", tmp_path / "public")
    before = (tmp_path / "public" / "index.html").read_bytes()
    lines = (collected / "mine" / "run.jsonl").read_text().splitlines(keepends=True)
    (collected / "mine" / "run.jsonl").write_text("".join(lines[:2] + lines[3:]))
    (collected / "empty").mkdir()

    ended = site(collected, "--out", tmp_path / "public")
    assert ended.exit_code == 4
    assert "empty has no run file" in ended.output
    assert "its digest does not fit" in ended.output
    assert (tmp_path / "public" / "index.html").read_bytes() == before


def test_issues_of_what_does_not_exist_are_refused(collected: Path, tmp_path: Path) -> None:
    issues = tmp_path / "issues.yaml"
    issues.write_text("issues: [{behaviour: nothing, target: suite, url: 'https://example.org/5'}]\n")

    assert site(collected, "--out", tmp_path / "public", "--known-issues", issues).exit_code == 4
    assert not (tmp_path / "public").exists()


def test_badges_grey_by_the_day_that_is_given(collected: Path, tmp_path: Path) -> None:
    site(collected, "--out", tmp_path / "public", "--today", "2099-01-01")
    assert '"color": "lightgrey"' in (tmp_path / "public" / "badge" / "mine.json").read_text()


def test_an_address_that_is_none_of_the_web_is_refused(collected: Path, tmp_path: Path) -> None:
    told = site(collected, "--out", tmp_path / "public", "--url", "javascript:alert(1)")

    assert told.exit_code == 4
    assert "--url 'javascript:alert(1)': no address of the web" in told.output
    assert not (tmp_path / "public").exists()


def test_pages_of_proxies_show_how_to_link_their_badges_where_the_address_is_known(
    collected: Path, tmp_path: Path
) -> None:
    site(collected, "--out", tmp_path / "public", "--url", "https://example.org/s")

    assert "(https://example.org/s/badge/mine.svg)" in (tmp_path / "public/p/mine.html").read_text()
