"""Claims that are made of runs: what is counted, and what is not."""

from dataclasses import replace

import pytest
import yaml

from svcproof.model.behaviour import Level
from svcproof.model.claim import Extent, Numbers, agrees
from svcproof.model.judgement import Observed
from svcproof.report.claim.made import FIELDS, claim_of
from svcproof.report.claim.text import text_of


def test_numbers_are_of_the_catalogue_and_add_up(complete, project, behaviour):
    catalogue = (*complete.behaviours, behaviour("is_not_core_and_new", Level.SHOULD))
    whole = claim_of(complete, complete.behaviours, project, "")
    core = claim_of(complete, catalogue, project, "")

    assert (whole.run.extent, core.run.extent) == (Extent.WHOLE, Extent.CORE)
    assert whole.numbers.levels["MUST"] == Numbers(of=7, shown=1, failed=1, unknown=3, untestable=1, not_run=1)
    assert whole.numbers.levels["MAY"] == Numbers(of=1, shown=0, failed=0, recorded=1)
    assert core.numbers.core == whole.numbers.core
    assert (core.numbers.levels, core.numbers.promises) == ({}, {})
    for numbers in (whole.numbers.core, *whole.numbers.levels.values(), *whole.numbers.promises.values()):
        values = dict(numbers)
        assert values.pop("of") == sum(values.values())


def test_a_partial_selection_has_no_numbers_and_is_called_so(complete, project, behaviour):
    claim = claim_of(complete, (*complete.behaviours, behaviour("is_core_and_new")), project, "")

    assert claim.run.extent is Extent.PARTIAL
    assert claim.numbers is None
    assert (claim.suite.behaviours, claim.suite.core) == (10, 7)


def test_every_word_of_a_cell_is_counted_somewhere():
    assert set(FIELDS) == set(Observed) - {Observed.NO_RUN}
    assert set(FIELDS.values()) == set(Numbers.model_fields) - {"of"}


def test_all_that_does_not_hold_is_named(complete, project):
    failures = claim_of(complete, complete.behaviours, project, "").failures

    assert [(failure.behaviour, failure.observed) for failure in failures] == [("fails", "fail"), ("is_weak", "weak")]


def test_the_same_run_gives_the_same_text_and_yaml_that_says_it(complete, project):
    claim = claim_of(complete, complete.behaviours, project, "https://example.org/run.jsonl.gz")
    text = text_of(claim)

    assert text == text_of(claim_of(complete, complete.behaviours, project, "https://example.org/run.jsonl.gz"))
    assert yaml.safe_load(text)["numbers"]["core"]["of"] == 6
    assert yaml.safe_load(text)["run"]["digest"] == complete.digest


def test_words_of_a_run_file_cannot_break_out_of_the_text(complete, project):
    hostile = "x\n- <script>: {a}\N{RIGHT-TO-LEFT OVERRIDE}\N{GRINNING FACE}'\"" + "y" * 300
    header = replace(complete.header, proxy_given=hostile, svcproof=hostile)
    run = replace(complete, header=header, versions={hostile: hostile, "kubernetes": hostile})
    claim = yaml.safe_load(text_of(claim_of(run, complete.behaviours, project, "")))

    assert set(claim) <= {"claim", "project", "run", "suite", "proxy", "cluster", "features", "failures", "numbers"}
    assert claim["cluster"]["kubernetes"].isprintable()


@pytest.mark.parametrize(
    ("version", "found", "same"),
    [
        ("1.37.2", ["v1.37.2"], True),
        ("v1.37.2", ["1.37.2"], True),
        ("1.37.2-eks.1", ["1.37.2"], True),
        ("1.37.20", ["1.37.2"], False),
        ("1.37.2", ["1.36.3", "1.37.2"], True),
        ("1.37.2", [], False),
    ],
)
def test_a_version_agrees_with_what_was_found_or_does_not(version, found, same):
    assert agrees(version, found) is same
