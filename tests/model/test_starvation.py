from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.fact import Fact, Finding
from svcproof.model.machine import Machine
from svcproof.model.starvation import is_excused, settled
from svcproof.model.verdict import Claims, Ruling, exit_code, judge

WELL = Machine(cpus=2, seconds=3, late=0.05, pressure=1.0, used=2.0, proxy=0.1)
STARVED = Machine(cpus=2, seconds=3, late=0.9, pressure=0.87, used=1.9, proxy=0.1)
SPINNING = Machine(cpus=2, seconds=3, late=0.9, pressure=1.0, used=2.0, proxy=1.6)
UNKNOWN = replace(STARVED, proxy=None)
BEHAVIOUR = Behaviour(
    id="echoes",
    area="cluster_ip",
    requirement="A client is answered.",
    spec="https://example.org/#clause",
    level=Level.MUST,
    by=Part.PROXY,
)
FIGURES = "CPU pressure 87%, woke up to 0.90 s late, 1.9 of 2 CPUs in use, 0.1 by the proxy"


def fact(finding=Finding.REFUTED, machine=STARVED, reason="no answer", attempt=1):
    return Fact(id="echoes", finding=finding, reason=reason, machine=machine, attempt=attempt)


def again(finding, machine=WELL, reason="no answer, again", attempt=1):
    return replace(fact(finding, machine, reason, attempt), retry=True)


def verdict(*facts, level=Level.MUST, claims=None):
    return judge(replace(BEHAVIOUR, level=level), facts, claims or Claims())


@pytest.mark.parametrize(
    ("finding", "machine", "excused"),
    [
        (Finding.REFUTED, STARVED, True),
        (Finding.INCONCLUSIVE, STARVED, True),
        (Finding.BROKE, STARVED, True),
        (Finding.REFUTED, UNKNOWN, True),
        (Finding.CONFIRMED, STARVED, False),
        (Finding.UNTESTABLE, STARVED, False),
        (Finding.NOT_REACHED, STARVED, False),
        (Finding.REFUTED, WELL, False),
        (Finding.REFUTED, SPINNING, False),
        (Finding.REFUTED, None, False),
    ],
)
@pytest.mark.timeout(10)
def test_what_a_starved_machine_excuses(finding, machine, excused):
    assert is_excused(fact(finding, machine)) is excused


@pytest.mark.parametrize(
    ("retry", "ruling", "words"),
    [
        (None, "error", "it has not been tried again"),
        (again(Finding.CONFIRMED, reason=""), "error", "tried once more, alone, it held"),
        (again(Finding.CONFIRMED, STARVED, ""), "error", "tried once more, alone, it held"),
        (again(Finding.REFUTED, STARVED), "error", "so it was when this was tried once more, alone"),
        (again(Finding.REFUTED, UNKNOWN), "error", "so it was when this was tried once more, alone"),
        (again(Finding.NOT_REACHED), "error", "the second try showed nothing"),
        (again(Finding.REFUTED), "fail", "no answer, again"),
        (again(Finding.REFUTED, None), "fail", "no answer, again"),
        (again(Finding.REFUTED, SPINNING), "fail", "the proxy itself starved the machine"),
        (again(Finding.INCONCLUSIVE), "blocked", "no answer, again"),
        (again(Finding.BROKE), "error", "no answer, again"),
        (again(Finding.UNTESTABLE), "untestable", "no answer, again"),
    ],
)
@pytest.mark.timeout(10)
def test_verdict_of_two_tries(retry, ruling, words):
    conclusion = verdict(fact(), *filter(None, [retry]))

    assert conclusion.ruling == ruling
    assert words in conclusion.reason
    assert FIGURES in conclusion.reason


@pytest.mark.timeout(10)
def test_error_has_both_tries_in_its_reason_and_a_cause_in_common():
    conclusion = verdict(fact(), again(Finding.CONFIRMED))

    assert conclusion.reason == (
        f"the machine was starved: {FIGURES}; tried once more, alone, it held\nat first it was refuted: no answer"
    )
    assert conclusion.cause == "the machine was starved"
    assert exit_code([conclusion]) == ExitCode.UNDECIDED


@pytest.mark.timeout(10)
def test_proxy_that_burns_the_cpus_itself_fails_at_once():
    conclusion = verdict(fact(machine=SPINNING))

    assert conclusion.ruling is Ruling.FAIL
    assert conclusion.reason.startswith("no answer\nthe proxy itself starved the machine: CPU pressure 100%")
    assert "1.6 by the proxy" in conclusion.reason


@pytest.mark.parametrize(
    ("level", "claims", "ruling"),
    [
        (Level.SHOULD, Claims(), "weak"),
        (Level.MAY, Claims(), "recorded"),
        (Level.MUST, Claims(deviations={"echoes": "by design"}), "deviates"),
    ],
)
@pytest.mark.timeout(10)
def test_second_refutation_is_judged_as_any_other(level, claims, ruling):
    assert verdict(fact(), again(Finding.REFUTED), level=level, claims=claims).ruling == ruling
    assert verdict(fact(), again(Finding.CONFIRMED), level=level, claims=claims).ruling is Ruling.ERROR


@pytest.mark.parametrize(
    ("facts", "ruling"),
    [
        ((fact(Finding.CONFIRMED), fact(attempt=2), again(Finding.CONFIRMED, attempt=2)), "error"),
        ((fact(Finding.CONFIRMED), fact(attempt=2), again(Finding.REFUTED, attempt=2)), "flaky"),
        ((fact(machine=WELL), fact(attempt=2), again(Finding.CONFIRMED, attempt=2)), "flaky"),
        ((fact(), fact(attempt=2), again(Finding.REFUTED), again(Finding.REFUTED, attempt=2)), "fail"),
        ((fact(), fact(Finding.CONFIRMED, attempt=2), again(Finding.CONFIRMED)), "error"),
    ],
)
@pytest.mark.timeout(10)
def test_repeats_are_told_from_retries(facts, ruling):
    assert verdict(*facts).ruling == ruling


@pytest.mark.timeout(10)
def test_retry_without_its_first_try_is_a_fact_like_another():
    assert verdict(again(Finding.REFUTED)).ruling is Ruling.FAIL
    assert verdict(again(Finding.REFUTED, STARVED)).ruling is Ruling.ERROR


machines = st.sampled_from([None, WELL, STARVED, SPINNING, UNKNOWN])
tries = st.lists(
    st.builds(
        Fact,
        id=st.just("echoes"),
        finding=st.sampled_from(Finding),
        reason=st.sampled_from(["", "no answer"]),
        machine=machines,
        retry=st.booleans(),
        attempt=st.sampled_from([1, 2]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.timeout(60)
@given(tries)
def test_starvation_never_makes_a_pass_of_what_did_not_hold(facts):
    undisturbed = all(fact.finding is Finding.CONFIRMED for fact in facts if not fact.retry)
    ruling = verdict(*facts).ruling

    assert ruling is not Ruling.PASS or undisturbed or not [fact for fact in facts if not fact.retry]


@pytest.mark.timeout(60)
@given(tries)
def test_every_first_try_has_a_fact_and_refutations_on_a_machine_that_was_well_stay(facts):
    conclusions = settled(facts)
    firsts = [fact for fact in facts if not fact.retry]

    assert len(conclusions) >= len(firsts)
    refuted = [fact for fact in firsts if fact.finding is Finding.REFUTED and not is_excused(fact)]
    assert sum(fact.finding is Finding.REFUTED for fact in conclusions) >= len(refuted)
