import pytest

from svcproof.model.chance import Chance, alike, never_in_a_row, unreached
from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Seen, Target
from svcproof.wait import Expired, claims, control, eventually
from svcproof.wait.chances import at_random, by_chance, miss_of
from svcproof.wait.predicates import answered_by, answered_by_one, at_ports, both, in_words

PODS = ("echo-0", "echo-1", "echo-2")


def probe(pod: str, address: str = "10.96.0.9") -> Observation:
    """A probe that a pod answers, at a port of its own."""
    port = 8080 + PODS.index(pod)
    answer = Answer(
        pod=pod, node="node-a", namespace="ns", port=port, protocol=Protocol.TCP, source="10.244.1.2", source_port=40000
    )
    return Observation(
        vantage="client", target=Target(address, 80), outcome=Outcome.ANSWERED, seconds=0.001, answer=answer
    )


def look(*pods: str) -> Seen:
    return Seen(tuple(map(probe, pods)))


EVERYBODY = look(*PODS * 13, "echo-0")


@pytest.mark.timeout(10)
def test_claim_that_all_endpoints_answer_may_be_missed_by_chance():
    assert miss_of(answered_by(PODS), EVERYBODY) == unreached(3, 40)
    assert miss_of(at_ports(8080, 8081), look(*PODS[:2])) == unreached(2, 2)
    assert miss_of(answered_by(PODS[:1]), look("echo-0")) == 0
    assert miss_of(answered_by_one, EVERYBODY) == 0


@pytest.mark.timeout(10)
def test_addresses_that_have_one_endpoint_each_leave_nothing_to_chance():
    own = Seen(tuple(probe(pod, f"10.244.1.{PODS.index(pod)}") for pod in PODS))

    assert miss_of(answered_by(PODS), own) == 0


@pytest.mark.timeout(10)
def test_two_predicates_are_missed_where_either_is():
    first, second = at_random(in_words("a", bool), miss=0.25), at_random(in_words("b", bool), miss=0.5)

    assert miss_of(both(first, second), 1) == 0.75
    assert miss_of(both(first, both(second, second)), 1) == 1.0


@pytest.mark.timeout(10)
def test_eventually_notes_its_chance_with_the_looks_that_its_limit_has_room_for():
    with claims() as count:
        eventually(lambda: EVERYBODY, answered_by(PODS), within=0.5, every=0.1)

    (chance,) = count.chances
    assert chance.tries == 40
    assert 2 <= chance.looks <= 6
    assert chance.probability == never_in_a_row(unreached(3, 40), chance.looks)


@pytest.mark.timeout(10)
def test_what_is_refuted_has_its_chance_too():
    with claims() as count, pytest.raises(Expired):
        eventually(lambda: look("echo-0", "echo-0"), answered_by(PODS), within=0.0)

    assert count.chances == [Chance(tries=2, looks=2, probability=never_in_a_row(unreached(3, 2), 2))]


@pytest.mark.timeout(10)
def test_check_has_a_chance_of_its_own_making():
    with claims() as count:
        by_chance(12, alike(4, 6) ** 3)

    assert count.chances == [Chance(tries=12, probability=alike(4, 6) ** 3)]


@pytest.mark.timeout(10)
def test_control_that_is_missed_by_chance_raises_no_alarm():
    with claims() as count:
        with control("it is spread"):
            eventually(lambda: EVERYBODY, answered_by(PODS), within=0.0)
        eventually(lambda: 1, in_words("it is there", bool), within=0.0)

    assert count.chances == []
