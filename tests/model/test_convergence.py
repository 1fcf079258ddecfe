"""Convergence is counted from the change that a step awaited, for each vantage."""

import pytest

from svcproof.model.convergence import ChangeKind, convergences, kind_of
from svcproof.model.event import Change, Event, Reading, Verb
from svcproof.model.fact import Fact, Finding
from svcproof.model.step import Settling, Step, StepKind

SELECTING = {"spec": {"selector": {"app": "web"}}}


def change(verb, kind="Service", sent=None, *, at=1.0, seconds=0.1, refused=""):
    made = Change(verb=verb, kind=kind, name="web", sent=sent, seconds=seconds, refused=refused)
    return Event(at=at, step=0, change=made)


def eventually(began=1.2, ended=3.0, settled=2.1, last_wrong=1.6, *, inside=None, vantage="client"):
    settling = Settling(
        vantage=vantage, node="node-a", looks=3, first_right=settled, last_wrong=last_wrong, settled=settled
    )
    return Step(
        kind=StepKind.EVENTUALLY, expected="it answers", began=began, ended=ended, inside=inside, settling=(settling,)
    )


def fact(events, steps):
    return Fact(id="it", finding=Finding.CONFIRMED, events=tuple(events), steps=tuple(steps))


def test_times_are_counted_from_when_the_change_was_acknowledged():
    (measured,) = convergences(fact([change(Verb.CREATE)], [eventually()]))

    assert (measured.kind, measured.vantage, measured.node) == (ChangeKind.SERVICE_MADE, "client", "node-a")
    assert (measured.settled, measured.last_wrong, measured.resolution) == (1.0, 0.5, 0.5)


def test_what_was_right_in_the_first_look_may_have_been_so_since_the_change():
    (measured,) = convergences(fact([change(Verb.CREATE)], [eventually(settled=1.2, last_wrong=None)]))

    assert (measured.settled, measured.last_wrong, measured.resolution) == (0.1, None, 0.1)


def test_what_never_settled_has_no_time():
    (measured,) = convergences(fact([change(Verb.CREATE)], [eventually(settled=None, last_wrong=2.9)]))

    assert (measured.settled, measured.last_wrong, measured.resolution) == (None, 1.8, None)


def test_each_step_has_the_last_change_before_it_and_none_has_that_of_another():
    steps = [eventually(ended=3.0), eventually(began=3.1, ended=3.5), eventually(began=4.2, ended=5.0, settled=4.4)]
    events = [change(Verb.CREATE), change(Verb.PATCH, sent={"spec": {"ports": []}}, at=4.0)]

    measured = convergences(fact(events, steps))

    assert [(each.kind, each.change) for each in measured] == [
        (ChangeKind.SERVICE_MADE, 0),
        (ChangeKind.PORTS_CHANGED, 1),
    ]


def test_controls_measure_nothing_and_take_no_change_away():
    control = Step(kind=StepKind.CONTROL, expected="why", began=1.15, ended=1.19)
    steps = [control, eventually(began=1.15, ended=1.19, inside=0), eventually()]

    assert [each.kind for each in convergences(fact([change(Verb.CREATE)], steps))] == [ChangeKind.SERVICE_MADE]


def test_a_step_before_any_change_measures_nothing():
    assert convergences(fact([], [eventually()])) == ()


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (change(Verb.DELETE), ChangeKind.SERVICE_DELETED),
        (change(Verb.PATCH, sent={"spec": {"externalTrafficPolicy": "Local"}}), ChangeKind.POLICY_CHANGED),
        (change(Verb.PATCH, sent={"status": {"loadBalancer": {}}}), ChangeKind.ADDRESSES_CHANGED),
        (change(Verb.PATCH, sent=[{"op": "remove", "path": "/spec/ports/0"}]), ChangeKind.PORTS_CHANGED),
        (change(Verb.PATCH, sent={"metadata": {"labels": {}}}), None),
        (change(Verb.CREATE, "discovery.k8s.io/v1 EndpointSlice"), ChangeKind.ENDPOINTS_CHANGED),
        (change(Verb.CREATE, "EndpointSlice"), ChangeKind.ENDPOINTS_CHANGED),
        (change(Verb.UNREADY, "Pod"), ChangeKind.ENDPOINT_LEFT),
        (change(Verb.SERVE, "Pod", "tcp 8081"), None),
        (change(Verb.PATCH, "Pod", {"metadata": {"labels": {"app": "other"}}}), ChangeKind.ENDPOINT_LEFT),
        (change(Verb.PATCH, "Pod", {"metadata": {"labels": {"app": "web"}}}), ChangeKind.ENDPOINT_JOINED),
        (change(Verb.PATCH, "Pod", {"metadata": {"annotations": {"app": "web"}}}), None),
        (change(Verb.CREATE, refused="invalid"), None),
        (change(Verb.CREATE, "Namespace"), None),
        (Event(at=1.0, step=0, reading=Reading(kind="Service", name="web")), None),
    ],
    ids=str,
)
def test_a_change_is_of_the_kind_that_those_who_follow_it_see(event, kind):
    assert kind_of(event, (change(Verb.CREATE, sent=SELECTING), event)) is kind
