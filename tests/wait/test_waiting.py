import itertools
import time

import pytest

from svcproof import Expired, consistently, control, eventually
from svcproof.errors import ProbeError, ProvisionError, UsageError
from svcproof.model.probe import Target
from svcproof.wait import Inconclusive, claims, converging, provisioned


class Sequence:
    """Shows its values one after another, the last one for ever."""

    def __init__(self, *values):
        self.values = list(values)
        self.looks = 0

    def __call__(self):
        self.looks += 1
        return self.values.pop(0) if len(self.values) > 1 else self.values[0]


def is_ready(value):
    """The thing is ready."""
    return value == "ready"


def test_eventually_returns_what_was_seen_when_it_held():
    look = Sequence("starting", "starting", "ready", "ready", "broken")

    assert eventually(look, is_ready, within=5, every=0) == "ready"
    assert look.looks == 4


def test_one_good_look_among_bad_ones_is_luck():
    look = Sequence("ready", "broken", "ready", "broken", "ready", "ready")

    assert eventually(look, is_ready, within=5, every=0) == "ready"
    assert look.looks == 6


def test_what_is_right_every_other_time_expires():
    turns = itertools.cycle(["ready", "broken"])

    with pytest.raises(Expired):
        eventually(lambda: next(turns), is_ready, within=0.1, every=0.01)


def test_a_look_at_several_values_tells_each_in_its_own_words():
    probes = [Target("10.96.0.9", 80), Target("10.96.0.9", 81)]

    with pytest.raises(Expired, match=r"10\.96\.0\.9:80\n +tcp 10\.96\.0\.9:81"):
        eventually(lambda: probes, is_ready, within=0.0)


def test_looks_are_as_far_apart_as_is_asked_for():
    times = []
    values = iter(["starting", "ready", "ready"])

    eventually(lambda: times.append(time.monotonic()) or next(values), is_ready, within=0.15, apart=0.1)

    assert all(later - earlier >= 0.1 for earlier, later in itertools.pairwise(times))


def test_expired_says_what_was_expected_and_everything_that_was_seen():
    with pytest.raises(Expired) as caught:
        eventually(Sequence("starting", "half-way", "stuck"), is_ready, within=0.05, every=0.01)

    assert "expected: the thing is ready" in str(caught.value)
    assert [look.value for look in caught.value.history] == ["starting", "half-way", "stuck"]
    assert caught.value.history[-1].count > 1
    assert all(word in str(caught.value) for word in ("starting", "half-way", "stuck"))


def test_expired_is_no_assertion_error():
    assert not issubclass(Expired, AssertionError)


def test_equal_looks_are_told_once():
    with pytest.raises(Expired) as caught:
        eventually(lambda: ["same"], lambda value: False, within=0.03, every=0.01)

    assert len(caught.value.history) == 1


def test_a_long_history_is_shortened_in_the_message_but_kept():
    numbers = iter(range(10_000))

    with pytest.raises(Expired) as caught:
        eventually(lambda: next(numbers), lambda value: value >= 40 and None, within=0.2, every=0.001)

    assert "earlier ones left out" in str(caught.value)
    assert caught.value.history[0].value == 0


def test_the_last_look_begins_when_all_the_time_has_passed():
    with pytest.raises(Expired) as caught:
        eventually(lambda: "no", lambda value: False, within=0.1, every=60)

    assert caught.value.history[-1].last >= 0.1


def test_eventually_looks_once_even_without_any_time():
    assert eventually(lambda: "ready", is_ready, within=0) == "ready"


def test_a_probe_that_could_not_be_made_passes_through():
    def look():
        raise ProbeError("no agent")

    with pytest.raises(ProbeError, match="no agent"):
        eventually(look, is_ready, within=5)


def test_without_a_time_the_convergence_of_the_proxy_counts():
    with converging(0.02), pytest.raises(Expired):
        eventually(lambda: "no", is_ready, every=0.01)


def test_without_a_proxy_under_test_a_time_must_be_given():
    with pytest.raises(UsageError, match="within=SECONDS"):
        eventually(lambda: "no", is_ready)


def test_consistently_returns_the_last_look():
    look = Sequence(1, 2, 3)

    assert consistently(look, lambda value: value > 0, lasting=0.05, every=0.01) == 3


def test_consistently_ends_at_the_first_look_that_does_not_hold():
    look = Sequence("ready", "ready", "gone")

    with pytest.raises(Expired, match=r"all the time: the thing is ready") as caught:
        consistently(look, is_ready, lasting=60, every=0)

    assert look.looks == 3
    assert [one.value for one in caught.value.history] == ["ready", "gone"]


def test_each_conclusion_counts_as_one_claim():
    with claims() as count:
        eventually(lambda: "ready", is_ready, within=1)
        consistently(lambda: "ready", is_ready, lasting=0)
        with pytest.raises(Expired):
            eventually(lambda: "no", is_ready, within=0)

        assert count.claims == 3


def test_claims_of_one_check_do_not_count_for_the_next():
    with claims():
        eventually(lambda: "ready", is_ready, within=1)
    with claims() as count:
        assert count.claims == 0


def test_what_holds_in_a_control_is_no_claim_of_the_check():
    with claims() as count:
        with control("the thing can be ready"):
            eventually(lambda: "ready", is_ready, within=1)

        assert count.claims == 0


def test_a_failed_control_is_inconclusive():
    with (
        pytest.raises(Inconclusive, match="the backend itself must answer") as caught,
        control("the backend itself must answer"),
    ):
        eventually(lambda: "no", is_ready, within=0)

    assert isinstance(caught.value.__cause__, Expired)


def test_an_assertion_in_a_control_is_inconclusive_too():
    with pytest.raises(Inconclusive), control("why"):
        raise AssertionError("no")


def test_other_errors_in_a_control_pass_through():
    with pytest.raises(ProbeError), control("why"):
        raise ProbeError("no agent")


def test_what_a_check_builds_on_is_a_provision_error_and_no_claim():
    with claims() as count, pytest.raises(ProvisionError, match="waited for the pod"):
        provisioned("the pod", lambda: "no", is_ready, within=0)

    assert count.claims == 0
