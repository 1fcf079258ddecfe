"""A search on a real lab: it finds a fault by itself, makes it small, and its file shows the fault and nothing else."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from svcproof.cli import main
from svcproof.declare.scenarios import scenario

FAULT = ("--fault", "proxy/udp-not-served")


@pytest.mark.lab
@pytest.mark.timeout(600)
def test_a_fault_is_found_made_small_and_shown_again(tmp_path: Path) -> None:
    run = CliRunner()
    options = ["--seed", "1", "--minutes", "3", "--worlds", "24", "--results", str(tmp_path)]
    searched = run.invoke(main, ["explore", *FAULT, *options])
    assert searched.exit_code == 1, searched.output
    path = tmp_path / "found-1.yaml"
    small = scenario(path)
    assert len(small.objects) <= 3
    assert len(small.steps) <= 1
    assert f"run it again: svcproof replay {path}" in searched.output

    assert run.invoke(main, ["replay", str(path)]).exit_code == 0
    assert run.invoke(main, ["replay", str(path), *FAULT]).exit_code == 1


@pytest.mark.lab
@pytest.mark.timeout(300)
def test_two_proxies_that_are_alike_show_no_difference(tmp_path: Path) -> None:
    options = [
        "--against",
        "reference",
        "--seed",
        "2",
        "--minutes",
        "2",
        "--worlds",
        "4",
        "--side-by-side",
        "4",
        "--results",
        str(tmp_path),
    ]
    searched = CliRunner().invoke(main, ["explore", *options])
    assert searched.exit_code == 0, searched.output
    assert "0 findings" in searched.output


def test_every_mistake_in_the_options_is_told_before_anything_is_made() -> None:
    wrong = ["--proxy", "referense", "--fault", "proxy/udp-not-servd", "--against", "kube-proxy-nftable"]
    searched = CliRunner().invoke(main, ["explore", *wrong])
    assert searched.exit_code == 4
    for words in ("unknown proxy 'referense'", "unknown proxy 'kube-proxy-nftable'"):
        assert words in searched.output
    assert "making a lab" not in searched.output
