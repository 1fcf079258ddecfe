"""Judging behaviours of bystanders: by their own checks, and by what broke beside others."""

from dataclasses import replace

import pytest

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished, Run, Started
from svcproof.model.verdict import Claims, Ruling, judge
from svcproof.report.merge import merged

BEHAVIOUR = Behaviour(
    id="stays", area="bystanders", requirement="It stays.", spec="https://example.org", level=Level.MUST, by=Part.PROXY
)
BROKEN = Fact(id="stays", finding=Finding.REFUTED, reason="no answer", beside="other")


def own(finding: Finding, **fields: object) -> Fact:
    return replace(Fact(id="stays", finding=finding, reason="its own check"), **fields)


def ruling(*facts: Fact) -> Ruling:
    return judge(BEHAVIOUR, facts, Claims()).ruling


@pytest.mark.parametrize("finding", [finding for finding in Finding if finding is not Finding.REFUTED])
def test_what_broke_beside_another_check_fails_whatever_its_own_check_found(finding: Finding) -> None:
    verdict = judge(BEHAVIOUR, [own(finding), BROKEN], Claims())

    assert (verdict.ruling, verdict.reason) == (Ruling.FAIL, "no answer")
    assert verdict.fact is not None
    assert verdict.fact.beside == "other"


def test_the_order_of_facts_does_not_matter() -> None:
    assert ruling(own(Finding.CONFIRMED), BROKEN) is ruling(BROKEN, own(Finding.CONFIRMED)) is Ruling.FAIL


def test_its_own_check_is_told_of_where_that_refuted_it_too() -> None:
    assert judge(BEHAVIOUR, [BROKEN, own(Finding.REFUTED)], Claims()).reason == "its own check"


def test_without_its_own_check_what_broke_beside_another_decides() -> None:
    assert ruling(BROKEN) is Ruling.FAIL


def test_several_checks_beside_which_it_broke_are_all_named() -> None:
    facts = [own(Finding.CONFIRMED), BROKEN, replace(BROKEN, beside="third")]

    assert judge(BEHAVIOUR, facts, Claims()).reason == "no answer\nand so it was beside third"


def test_of_several_repeats_one_in_which_it_broke_makes_it_flaky() -> None:
    facts = [own(Finding.CONFIRMED), own(Finding.CONFIRMED, attempt=2), BROKEN]

    assert ruling(*facts) is Ruling.FLAKY


def test_the_facts_of_a_run_tell_its_own_check_from_those_beside_others(header) -> None:
    started = (Started(id="stays", at=""),)
    run = Run(header=header, behaviours=(BEHAVIOUR,), started=started, facts=(BROKEN,))

    findings = [fact.finding for fact in run.facts_of()["stays"]]

    assert findings == [Finding.NOT_REACHED, Finding.REFUTED]
    assert [verdict.ruling for verdict in run.verdicts()] == [Ruling.FAIL]


def test_what_broke_in_one_shard_refutes_what_the_check_in_another_showed(header) -> None:
    other = replace(BEHAVIOUR, id="deletes")
    shards = {
        "first": Run(
            header=replace(header, shard="1/2"),
            behaviours=(other,),
            facts=(Fact(id="deletes", finding=Finding.CONFIRMED), replace(BROKEN, beside="deletes")),
            finished=Finished(at="2026-01-02T03:04:06+00:00", seconds=1.0),
        ),
        "second": Run(
            header=replace(header, shard="2/2"),
            behaviours=(BEHAVIOUR,),
            facts=(own(Finding.CONFIRMED),),
            finished=Finished(at="2026-01-02T03:04:06+00:00", seconds=1.0),
        ),
    }

    whole = merged(shards)

    rulings = {verdict.behaviour.id: verdict.ruling for verdict in whole.verdicts()}
    assert rulings == {"deletes": Ruling.PASS, "stays": Ruling.FAIL}
    assert [run.exit_code(run.verdicts()) for run in (*shards.values(), whole)] == [0, 0, 1]
