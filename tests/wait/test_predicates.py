import pytest

from svcproof import (
    Expired,
    Outcome,
    Seen,
    Target,
    answered,
    answered_by,
    dropped,
    eventually,
    from_sources,
    refused,
    silent,
)
from svcproof.model.probe import Answer, Observation, Protocol
from svcproof.wait.predicates import answered_within

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
    ],
    ids=["answered", "refused", "dropped", "silent", "answered_by", "answered_within", "from_sources"],
)
def test_predicate(predicate, holds, fails):
    assert all(predicate(seen(*observations)) for observations in holds)
    assert not any(predicate(seen(*observations)) for observations in fails)


def test_a_failure_names_the_backends_that_were_expected():
    with pytest.raises(Expired, match="by all of echo-0, echo-1 and nobody else"):
        eventually(lambda: seen(ONE), answered_by(["echo-1", "echo-0"]), within=0)
