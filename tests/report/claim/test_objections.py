"""Everything that does not hold in a claim is noticed, also where all seals of the run file were made anew."""

from dataclasses import replace

import pytest

from svcproof.model.behaviour import Level
from svcproof.model.claim import Claim
from svcproof.model.fact import Finding
from svcproof.model.judgement import Judged, Observed
from svcproof.model.run import INTERRUPTED
from svcproof.report.claim.made import claim_of
from svcproof.report.claim.objections import objections

VERSION = "0.1.0"


@pytest.fixture
def claim(complete, project):
    return claim_of(complete, complete.behaviours, project, "")


def against(claim, run, catalogue, version=VERSION):
    found = objections(claim, run, catalogue, version)
    return [(".".join(map(str, each.loc)), each.what) for each in found]


def edited(claim, **changes):
    """The claim with other values, by their path in the file."""
    values = claim.model_dump(mode="json", by_alias=True)
    for path, value in changes.items():
        *way, last = path.split("__")
        inner = values
        for key in way:
            inner = inner[key]
        inner[last] = value
    return Claim.model_validate(values)


def test_nothing_speaks_against_what_was_made_of_the_run(claim, complete):
    assert against(claim, complete, complete.behaviours) == []


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        ("numbers__core__shown", 2, "is 2, and the run file shows 1"),
        ("numbers__core__of", 5, "is 5, and the run file shows 6"),
        ("numbers__levels__MUST__failed", 0, "is 0, and the run file shows 1"),
        ("suite__behaviours", 8, "is 8, and the run file shows 9"),
        ("run__digest", "0" * 64, "is '0000"),
        ("cluster__kubernetes", "v1.37.2", "is 'v1.37.2', and the run file shows nothing"),
        ("run__started", "2026-11-30", "is '2026-11-30', and the run file shows '2026-01-02'"),
    ],
)
def test_an_edited_value_is_noticed(claim, complete, path, value, what):
    (found,) = against(edited(claim, **{path: value}), complete, complete.behaviours)
    assert found[0] == path.replace("__", ".")
    assert found[1].startswith(what)


def test_a_failure_that_is_left_out_and_a_feature_that_is_added_are_noticed(claim, complete):
    told = against(edited(claim, failures=[], features=["sctp"]), complete, complete.behaviours)

    assert ("failures", "leaves out fails, fail, which the run file shows") in told
    assert ("failures", "leaves out is_weak, weak, which the run file shows") in told
    assert ("features", "leaves out 'node-port', which the run file shows") in told


def test_a_name_that_is_there_twice_and_another_order_are_noticed(claim, complete):
    values = claim.model_dump(mode="json")
    twice = edited(claim, features=[*values["features"], values["features"][0]])
    turned = edited(claim, failures=values["failures"][::-1])

    assert ("features", "has the same, but twice") in against(twice, complete, complete.behaviours)
    assert ("failures", "has the same, but in another order") in against(turned, complete, complete.behaviours)


def test_a_group_that_is_left_out_is_noticed(claim, complete):
    told = against(edited(claim, numbers__levels={}), complete, complete.behaviours)
    assert ("numbers.levels.MUST", "is missing, and the run file shows it") in told


def test_a_row_too_few_in_a_run_file_sealed_anew_is_noticed(claim, complete, rewritten):
    kept = tuple(behaviour for behaviour in complete.behaviours if behaviour.id != "fails")
    facts = tuple(fact for fact in complete.facts if fact.id != "fails")
    run = rewritten(complete, behaviours=kept, facts=facts)
    own = claim_of(run, complete.behaviours, claim.project, "")

    assert own.run.extent == "partial"
    assert own.numbers is None
    told = against(claim, run, complete.behaviours)
    assert ("run.extent", "is 'whole', and the run file shows 'partial'") in told
    assert ("numbers", "is there, and the run file does not show it") in told


def test_another_runs_claim_is_noticed(claim, complete, rewritten):
    other = rewritten(complete, header=replace(complete.header, id="another"))

    assert [where for where, _ in against(claim, other, complete.behaviours)] == ["run.digest"]


def test_a_fact_that_was_turned_over_and_sealed_anew_is_another_run(claim, complete, rewritten):
    facts = tuple(replace(fact, finding=Finding.CONFIRMED) if fact.id == "fails" else fact for fact in complete.facts)
    told = dict(against(claim, rewritten(complete, facts=facts), complete.behaviours))

    assert told["run.digest"]
    assert told["numbers.core.failed"] == "is 1, and the run file shows 0"


def test_a_judgement_that_does_not_follow_from_the_facts_is_noticed(claim, complete):
    judgements = tuple(replace(each, observed=Observed.PASS) for each in complete.judgements.judgements)
    told = against(claim, replace(complete, judgements=Judged(judgements=judgements)), complete.behaviours)

    assert told[0][1].startswith("the run file judges otherwise than follows from its facts: 8: ")


def test_a_behaviour_that_was_made_harmless_in_the_run_file_is_noticed(claim, complete, rewritten):
    lowered = tuple(
        replace(behaviour, level=Level.SHOULD) if behaviour.id == "fails" else behaviour
        for behaviour in complete.behaviours
    )
    told = against(claim, rewritten(complete, behaviours=lowered), complete.behaviours)
    assert ("", "the run says of fails what the suite does not: another level") in told


def test_the_order_of_faults_which_is_another_each_time_is_no_difference(claim, complete):
    catalogue = tuple(replace(behaviour, faults=("proxy/a", "proxy/b")) for behaviour in complete.behaviours)
    assert against(claim, complete, catalogue) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"svcproof": "0.0.9"}, "the run is of svcproof 0.0.9, and this is 0.1.0, which has another suite"),
        ({"faults": ("proxy/no-reject",)}, "the run had faults switched on"),
        ({"shard": "1/2"}, "the run is shard 1/2 of one"),
    ],
)
def test_runs_of_which_nothing_can_be_claimed(claim, complete, changes, what):
    run = replace(complete, header=replace(complete.header, **changes))
    assert [told for where, told in against(claim, run, complete.behaviours) if told.startswith(what)]


def test_nothing_can_be_claimed_of_a_run_without_an_end_or_of_other_behaviours(claim, complete):
    cut = replace(complete, finished=replace(complete.finished, why=INTERRUPTED), judgements=None)
    told = [what for _, what in against(claim, cut, complete.behaviours[1:])]

    assert "the run is not complete: interrupted" in told
    assert "the run has behaviours that are not in the suite of svcproof: 1: passes" in told
    assert any(what.startswith("the run file has no judgements") for what in told)


def test_a_version_that_was_not_found_in_the_cluster_is_noticed(complete, project, rewritten):
    run = rewritten(complete, versions={"kube-proxy": "1.36.3"})
    claim = claim_of(run, complete.behaviours, project, "")

    told = against(claim, run, complete.behaviours)
    assert told == [("project.version", "is '1.2.3', and the run found kube-proxy 1.36.3")]
    assert against(edited(claim, project__version="v1.36.3"), run, complete.behaviours) == []
