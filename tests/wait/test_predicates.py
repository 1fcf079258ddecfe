from dataclasses import replace

import pytest

from svcproof import (
    Expired,
    Outcome,
    Seen,
    Target,
    announced,
    answered,
    answered_by,
    answered_by_one,
    answered_by_one_of,
    answered_within,
    at_ports,
    both,
    counts,
    counts_at_least,
    dropped,
    equals,
    eventually,
    from_sources,
    has_record,
    has_records,
    has_records_at_least,
    is_alias,
    nobody_answers_but,
    not_answered_by,
    refused,
    resent_at_most,
    resolves,
    resolves_to,
    silent,
)
from svcproof.model.probe import Answer, Lookup, Observation, Protocol

TARGET = Target("10.96.0.9", 80)


def observed(outcome, pod=None, source="10.244.1.2"):
    answer = pod and Answer(
        pod=pod, node="node-a", namespace="ns", port=8080, protocol=Protocol.TCP, source=source, source_port=40000
    )
    return Observation(vantage="client", target=TARGET, outcome=outcome, seconds=0.001, answer=answer)


def seen(*observations):
    return Seen(observations)


ONE = observed(Outcome.ANSWERED, "echo-0")
TWO = observed(Outcome.ANSWERED, "echo-1", source="10.244.1.3")
REFUSED, DROPPED, STRANGER = map(observed, (Outcome.REFUSED, Outcome.DROPPED, Outcome.STRANGER))
RESENT = replace(ONE, resent=1)
ELSEWHERE = replace(ONE, answer=replace(ONE.answer, port=8081))
TORN_DOWN = observed(Outcome.TORN_DOWN)


@pytest.mark.parametrize(
    ("predicate", "holds", "fails"),
    [
        (answered, [(ONE,), (ONE, TWO)], [(), (ONE, DROPPED), (STRANGER,)]),
        (refused, [(REFUSED, REFUSED)], [(), (REFUSED, DROPPED), (TORN_DOWN,), (ONE,)]),
        (dropped, [(DROPPED,)], [(), (TORN_DOWN,), (REFUSED, DROPPED), (ONE, DROPPED)]),
        (silent, [(DROPPED,), (REFUSED,), (TORN_DOWN,), (DROPPED, REFUSED)], [(), (STRANGER,), (ONE, DROPPED)]),
        (answered_by(["echo-0", "echo-1"]), [(ONE, TWO)], [(ONE,), (ONE, TWO, DROPPED)]),
        (answered_within(["echo-0", "echo-1"]), [(ONE,), (ONE, TWO)], [(), (ONE, DROPPED)]),
        (from_sources(["10.244.1.2"]), [(ONE,)], [(ONE, TWO), (ONE, DROPPED), ()]),
        (answered_by_one, [(ONE, ONE)], [(ONE, TWO), (ONE, DROPPED), ()]),
        (answered_by_one_of(["echo-0", "echo-2"]), [(ONE, ONE)], [(ONE, TWO), (TWO, TWO), (ONE, DROPPED), ()]),
        (not_answered_by(["echo-1"]), [(ONE,), (DROPPED,)], [(ONE, TWO)]),
        (nobody_answers_but(["echo-0"]), [(ONE,), (DROPPED,)], [(ONE, TWO)]),
        (at_ports(8080), [(ONE, TWO)], [(ONE, DROPPED), (), (ELSEWHERE,)]),
        (resent_at_most(1), [(ONE, RESENT)], [(RESENT, RESENT)]),
        (both(answered, from_sources(["10.244.1.3"])), [(TWO,)], [(ONE,), (TWO, DROPPED)]),
    ],
)
def test_predicate(predicate, holds, fails):
    assert all(predicate(seen(*observations)) for observations in holds)
    assert not any(predicate(seen(*observations)) for observations in fails)


def test_a_failure_names_the_backends_that_were_expected():
    with pytest.raises(Expired, match="by all of echo-0, echo-1 and nobody else"):
        eventually(lambda: seen(ONE), answered_by(["echo-1", "echo-0"]), within=0)


def looked_up(*records, chain=()):
    return Lookup(
        vantage="client",
        server="10.96.0.10",
        name="web",
        type="A",
        code="NOERROR",
        records=frozenset(records),
        chain=chain,
    )


@pytest.mark.parametrize(
    ("predicate", "holds", "fails"),
    [
        (resolves, looked_up("10.96.0.9"), looked_up()),
        (resolves_to("10.96.0.9"), looked_up("10.96.0.9"), looked_up("10.96.0.9", "10.96.0.8")),
        (has_record("10.96.0.9"), looked_up("10.96.0.9", "10.96.0.8"), looked_up("10.96.0.8")),
        (has_records(0), looked_up(), looked_up("10.96.0.9")),
        (has_records_at_least(1), looked_up("10.96.0.9", "10.96.0.8"), looked_up()),
        (is_alias, looked_up(chain=(("web.", "CNAME", "db.example.com."),)), looked_up()),
        (equals("True", "the Ready condition"), "True", "False"),
        (counts(1, "ready endpoints"), {1}, {1, 2}),
        (counts_at_least(1, "ready endpoints"), {1, 2}, ()),
        (announced, "02:00:00:00:00:01", ""),
    ],
)
def test_predicate_on_other_values(predicate, holds, fails):
    assert predicate(holds)
    assert not predicate(fails)
