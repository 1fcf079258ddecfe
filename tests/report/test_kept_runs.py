"""A run on a real cluster that was kept: Cilium 1.20.2 in place of kube-proxy, on kind, by its declaration of then.

Its header has another image of the sample pods, and no places of the machine; of facts it has not what went on in the
cluster meanwhile, and of those that held not each look.
"""

import gzip
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from svcproof import declare
from svcproof.errors import UsageError
from svcproof.model.behaviour import Level
from svcproof.model.fact import Finding
from svcproof.model.run import Run
from svcproof.model.verdict import Ruling
from svcproof.report import runfile

KEPT = Path(__file__).parent / "runs" / "cilium-1.20.2.jsonl.gz"
PAGE = Path(__file__).parents[2] / "docs" / "cilium.md"
KNOWN = {
    "affinity_lets_go_of_an_endpoint_that_is_not_ready",
    "affinity_lets_go_of_unready_endpoints_for_everybody_at_every_door",
    "endpoint_without_a_node_is_local_to_none",
    "external_name_given_and_taken_shows_at_its_external_ip",
    "odd_slices_take_nothing_from_those_beside_them",
    "slices_count_whenever_they_come_and_as_long_as_one_is_there",
    *(
        f"slice_node_names_edited_shows_at_its_{door}"
        for door in ("cluster_ip", "node_port", "external_ip", "load_balancer_address", "health_check_port")
    ),
}
"""Bugs that nothing in its documentation justifies: docs/cilium.md."""


def unpacked(place: Path, change: tuple[bytes, bytes] = (b"", b"")) -> Path:
    path = place / "run.jsonl"
    path.write_bytes(gzip.decompress(KEPT.read_bytes()).replace(*change))
    return path


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return runfile.load(unpacked(tmp_path))


def fails(run: Run) -> set[str]:
    against = {Ruling.FAIL, Ruling.FLAKY}
    return {one.behaviour.id for one in run.verdicts() if one.level is Level.MUST and one.ruling in against}


def test_no_must_fails_but_for_a_bug_that_is_known(run: Run) -> None:
    assert fails(run) == KNOWN
    assert run.exit_code(run.verdicts()) == 1


def test_it_is_judged_as_it_was(run: Run) -> None:
    assert Counter(one.ruling.value for one in run.verdicts()) == {
        "pass": 463,
        "untestable": 62,
        "unsupported": 24,
        "recorded": 22,
        "fail": 11,
        "weak": 10,
        "deviates": 6,
    }


def test_the_declaration_of_today_judges_it_the_same(run: Run) -> None:
    today = run.claiming(declare.proxy("cilium"))

    assert today.verdicts() == run.verdicts()


def test_each_documented_deviation_is_one_and_has_a_page_of_its_documentation(run: Run) -> None:
    proxy = declare.proxy("cilium")
    documented = {one.behaviour for one in proxy.deviations}

    verdicts = [one for one in run.claiming(proxy).verdicts() if one.behaviour.id in documented]

    assert {one.behaviour.id for one in verdicts} == documented
    assert {one.ruling for one in verdicts} == {Ruling.DEVIATES}
    assert all(one.url.startswith("https://docs.cilium.io/en/v1.20/") for one in proxy.deviations)


def test_the_page_names_what_fails_and_what_is_weak(run: Run) -> None:
    text = PAGE.read_text()

    named = {one.behaviour.id for one in run.verdicts() if one.ruling in {Ruling.FAIL, Ruling.WEAK}}

    assert {name for name in named if f"`{name}`" not in text} == set()


def test_any_other_must_would_fail_if_it_had_been_refuted(run: Run) -> None:
    passed = {
        one.behaviour.id
        for one in run.verdicts()
        if one.level is Level.MUST and one.ruling is Ruling.PASS and not one.reason
    }
    facts = tuple(
        replace(one, finding=Finding.REFUTED, reason="no answer", machine=None) if one.id in passed else one
        for one in run.facts
    )

    assert len(passed) > 300
    assert fails(replace(run, facts=facts)) == KNOWN | passed


def test_a_copy_with_another_finding_fails_once_more(run: Run) -> None:
    name = "cluster_ip_reaches_a_backend_from_every_node"
    facts = tuple(replace(one, finding=Finding.REFUTED) if one.id == name else one for one in run.facts)

    assert fails(replace(run, facts=facts)) == KNOWN | {name}


def test_a_file_with_another_finding_is_refused(tmp_path: Path) -> None:
    path = unpacked(tmp_path, (b'"finding": "refuted"', b'"finding": "confirmed"'))

    with pytest.raises(UsageError, match="not a line of a svcproof run"):
        runfile.load(path)


def test_it_names_no_place_of_the_machine_it_was_made_on(tmp_path: Path) -> None:
    text = unpacked(tmp_path).read_text()

    assert re.findall(r"(?<![\w.])/(?:home|root|tmp|work)\b[^\s\"]*", text) == []
