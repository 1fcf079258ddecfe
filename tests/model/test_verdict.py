import pytest
from hypothesis import given
from hypothesis import strategies as st

from svcproof.exit_code import ExitCode
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.fact import Fact, Finding
from svcproof.model.releases import Releases
from svcproof.model.verdict import NEITHER, UNDECIDED, Claims, Ruling, Verdict, exit_code, judge
from svcproof.model.vocabulary import Feature

SCTP = frozenset({Feature.SCTP})
TIMEOUT = frozenset({Feature.AFFINITY_TIMEOUT})
OFF = frozenset({Feature.EXTERNAL_IPS_OFF})
DOCUMENTED = Claims(deviations={"echoes": "by design (https://example.org/why)"})
MODEST = Claims(features=frozenset())
AGAINST = {Ruling.FAIL, Ruling.FLAKY, Ruling.WEAK, Ruling.DEVIATES, Ruling.UNSUPPORTED}


def behaviour(level=Level.MUST, features=frozenset(), **more):
    return Behaviour(
        id="echoes",
        area="cluster_ip",
        requirement="A client is answered.",
        spec="https://example.org/#clause",
        level=level,
        by=Part.PROXY,
        features=features,
        **more,
    )


def fact(finding, reason="because", record=""):
    return Fact(id="echoes", finding=finding, reason=reason, record=record)


findings = st.sampled_from(Finding)
facts = st.lists(
    st.builds(
        Fact,
        id=st.just("echoes"),
        finding=findings,
        reason=st.sampled_from(["", "no answer"]),
        record=st.sampled_from(["", "dropped"]),
    ),
    min_size=1,
    max_size=4,
)
behaviours = st.builds(behaviour, st.sampled_from(Level), st.sampled_from([frozenset(), SCTP, TIMEOUT, OFF]))
claims = st.sampled_from([Claims(), DOCUMENTED, MODEST, Claims(features=SCTP, deviations={"other": "why"})])


@pytest.mark.parametrize(
    ("finding", "features", "claimed", "must", "should", "may"),
    [
        ("confirmed", frozenset(), Claims(), "pass", "pass", "recorded"),
        ("refuted", frozenset(), Claims(), "fail", "weak", "recorded"),
        ("refuted", frozenset(), DOCUMENTED, "deviates", "deviates", "recorded"),
        ("refuted", SCTP, MODEST, "unsupported", "unsupported", "recorded"),
        ("confirmed", SCTP, MODEST, "pass", "pass", "recorded"),
        ("refuted", TIMEOUT, Claims(), "weak", "weak", "recorded"),
        ("refuted", TIMEOUT, Claims(features=TIMEOUT), "fail", "weak", "recorded"),
        ("refuted", TIMEOUT | SCTP, MODEST, "unsupported", "unsupported", "recorded"),
        ("confirmed", TIMEOUT, Claims(), "pass", "pass", "recorded"),
        ("refuted", OFF, Claims(), "unsupported", "unsupported", "recorded"),
        ("refuted", OFF, Claims(features=OFF), "fail", "weak", "recorded"),
        ("inconclusive", frozenset(), Claims(), "blocked", "blocked", "blocked"),
        ("inconclusive", frozenset(), DOCUMENTED, "untestable", "untestable", "untestable"),
        ("inconclusive", SCTP, MODEST, "untestable", "untestable", "untestable"),
        ("inconclusive", TIMEOUT, Claims(), "blocked", "blocked", "blocked"),
        ("broke", frozenset(), Claims(), "error", "error", "error"),
        ("untestable", frozenset(), Claims(), "untestable", "untestable", "untestable"),
        ("not reached", frozenset(), Claims(), "not run", "not run", "not run"),
    ],
)
def test_one_fact_is_judged_as_the_published_table_says(finding, features, claimed, must, should, may):
    rulings = [judge(behaviour(level, features), [fact(Finding(finding))], claimed).ruling for level in Level]

    assert rulings == [must, should, may]


@given(st.permutations(list(Finding)), st.integers(1, len(Finding)))
def test_a_verdict_has_the_fact_that_its_reason_is_of(order, count):
    repeats = tuple(fact(finding, reason=f"{finding} it was") for finding in order[:count])

    verdict = judge(behaviour(), repeats, Claims())

    assert verdict.ruling is Ruling.PASS or verdict.reason.endswith(verdict.fact.reason)


@pytest.mark.parametrize(("level", "ruling"), [("MUST", "flaky"), ("SHOULD", "flaky"), ("MAY", "recorded")])
def test_repeats_that_differ_are_flaky_and_a_may_is_recorded(level, ruling):
    differing = [fact(Finding.CONFIRMED), fact(Finding.REFUTED, "no answer")]

    verdict = judge(behaviour(Level(level)), differing, Claims())

    assert verdict.ruling == ruling
    assert "no answer" in verdict.reason


def test_a_broken_repeat_does_not_hide_a_refutation():
    verdict = judge(behaviour(), [fact(Finding.BROKE), fact(Finding.REFUTED, "no answer")], Claims())

    assert verdict.ruling is Ruling.FLAKY
    assert verdict.reason == "refuted in 1 of 2 repeats: no answer"


def test_a_broken_repeat_beside_an_excused_refutation_is_an_error_not_a_flake():
    verdict = judge(behaviour(), [fact(Finding.BROKE, "lab gone"), fact(Finding.REFUTED)], DOCUMENTED)

    assert verdict.ruling is Ruling.ERROR
    assert "lab gone" in verdict.reason


def test_a_confirmed_deviation_passes_and_is_flagged():
    verdict = judge(behaviour(), [fact(Finding.CONFIRMED)], DOCUMENTED)

    assert (verdict.ruling, verdict.claim_flagged) == (Ruling.PASS, True)
    assert "by design" in verdict.reason


def test_a_feature_that_works_without_being_claimed_is_flagged_by_name():
    verdict = judge(behaviour(features=SCTP), [fact(Finding.CONFIRMED)], MODEST)

    assert (verdict.claim_flagged, verdict.reason) == (True, "works, though the proxy does not claim sctp")


def test_what_a_text_calls_optional_is_weak_with_that_reason_where_it_is_not_claimed():
    verdict = judge(behaviour(features=TIMEOUT), [fact(Finding.REFUTED, "the same endpoint")], Claims())

    assert verdict.reason == ("optional for proxies, and this one does not claim affinity-timeout: the same endpoint")
    assert verdict.cause == "optional for proxies, and this one does not claim affinity-timeout"


@pytest.mark.parametrize(("claimed", "code"), [(Claims(), 0), (Claims(features=TIMEOUT), 1)])
def test_an_unclaimed_option_that_is_flaky_fails_no_run(claimed, code):
    differing = [fact(Finding.CONFIRMED), fact(Finding.REFUTED)]

    verdict = judge(behaviour(features=TIMEOUT), differing, claimed)

    assert verdict.ruling is Ruling.FLAKY
    assert exit_code([verdict]) == code


def test_a_may_tells_each_way_it_went_once():
    ways = [fact(Finding.CONFIRMED, record=way) for way in ("dropped", "refused", "dropped")]

    assert judge(behaviour(Level.MAY), ways, Claims()).reason == "dropped / refused"


def test_a_may_that_ended_before_it_could_tell_does_not_pass_a_predicate_for_a_way():
    verdict = judge(behaviour(Level.MAY), [fact(Finding.REFUTED, "expected: every probe is answered")], Claims())

    assert verdict.ruling is Ruling.RECORDED
    assert verdict.reason.splitlines()[0] == NEITHER


def test_what_is_not_claimed_is_one_cause_whatever_was_seen():
    verdicts = [
        judge(behaviour(features=SCTP), [fact(Finding.REFUTED, seen)], MODEST) for seen in ("dropped", "refused")
    ]

    assert {verdict.cause for verdict in verdicts} == {"the proxy does not claim sctp"}


def test_a_control_that_fails_where_a_feature_is_not_claimed_leaves_nothing_undecided():
    verdict = judge(behaviour(features=SCTP), [fact(Finding.INCONCLUSIVE, "the control failed")], MODEST)

    assert (verdict.ruling, verdict.cause) == (Ruling.UNTESTABLE, "the proxy does not claim sctp")
    assert judge(behaviour(), [fact(Finding.INCONCLUSIVE)], MODEST).ruling is Ruling.BLOCKED


def test_no_fact_at_all_is_not_run():
    assert judge(behaviour(), [], Claims()).ruling is Ruling.NOT_RUN


@given(behaviours, facts, claims)
def test_nothing_passes_unless_every_repeat_confirmed_it(one, found, claimed):
    verdict = judge(one, found, claimed)

    if verdict.ruling is Ruling.PASS:
        assert {each.finding for each in found} == {Finding.CONFIRMED}


@given(behaviours, facts, claims)
def test_nothing_speaks_against_a_proxy_that_was_not_refuted(one, found, claimed):
    if judge(one, found, claimed).ruling in AGAINST:
        assert Finding.REFUTED in {each.finding for each in found}


@given(facts)
def test_no_refutation_of_a_must_goes_unseen(found):
    verdict = judge(behaviour(), found, Claims())

    assert (verdict.ruling in {Ruling.FAIL, Ruling.FLAKY}) is (Finding.REFUTED in {each.finding for each in found})


@given(facts, claims)
def test_a_may_is_never_judged(found, claimed):
    verdict = judge(behaviour(Level.MAY, SCTP), found, claimed)

    assert verdict.ruling in {Ruling.RECORDED, *UNDECIDED.values()}
    assert not verdict.claim_flagged


@given(behaviours, facts, claims)
def test_every_verdict_but_a_plain_pass_has_a_reason(one, found, claimed):
    verdict = judge(one, found, claimed)

    assert verdict.reason.strip() or (verdict.ruling is Ruling.PASS and not verdict.claim_flagged)


@given(behaviours, facts, claims, st.randoms(use_true_random=False))
def test_the_order_of_repeats_does_not_matter(one, found, claimed, random):
    other = random.sample(found, len(found))

    assert judge(one, found, claimed).ruling is judge(one, other, claimed).ruling


def verdicts(*rulings, level=Level.MUST):
    return [Verdict(behaviour=behaviour(level), ruling=Ruling(ruling), reason="because") for ruling in rulings]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (verdicts("pass", "untestable", "unsupported", "deviates", "recorded"), 0),
        (verdicts("pass", "fail", "error"), 1),
        (verdicts("flaky", "not run"), 1),
        (verdicts("pass", "error"), 3),
        (verdicts("blocked"), 3),
        (verdicts("not run"), 3),
        (verdicts("weak", "flaky", level=Level.SHOULD), 0),
        (verdicts("weak", "blocked", level=Level.SHOULD), 3),
    ],
)
def test_the_exit_code_follows_the_verdicts(found, code):
    assert exit_code(found) == code


@pytest.mark.parametrize(
    ("release", "ruling", "code", "cluster"),
    [
        ("1.37", Ruling.WEAK, ExitCode.OK, "this cluster is of 1.37 (v1.37.0)"),
        ("1.38", Ruling.FAIL, ExitCode.FAILED, ""),
        ("1.40", Ruling.FAIL, ExitCode.FAILED, ""),
        ("", Ruling.WEAK, ExitCode.OK, "this cluster is of no release that is known"),
    ],
)
def test_a_must_that_binds_from_a_release_on_is_a_should_before_it(release, ruling, code, cluster):
    later, refuted = behaviour(binding="1.38"), [fact(Finding.REFUTED, "no answer")]

    verdict = judge(later, refuted, Claims(), Releases(cluster=f"v{release}.0" if release else ""))

    assert (verdict.ruling, exit_code([verdict])) == (ruling, code)
    assert verdict.reason == (f"a MUST from Kubernetes 1.38 on, and {cluster}: no answer" if cluster else "no answer")


def test_what_does_not_bind_yet_and_goes_both_ways_is_flaky_and_fails_no_run():
    differing = [fact(Finding.REFUTED, "no answer"), fact(Finding.CONFIRMED)]

    verdict = judge(behaviour(binding="1.38"), differing, Claims(), Releases(cluster="v1.36.3"))

    assert (verdict.ruling, verdict.level, exit_code([verdict])) == (Ruling.FLAKY, Level.SHOULD, ExitCode.OK)


def test_a_deviation_is_one_whether_it_binds_or_not():
    verdict = judge(behaviour(binding="1.38"), [fact(Finding.REFUTED)], DOCUMENTED, Releases(cluster="v1.36.3"))

    assert verdict.ruling is Ruling.DEVIATES
