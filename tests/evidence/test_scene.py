"""The failing probe of a check, and what its events name."""

from svcproof.evidence.scene import scene
from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Fact, Finding
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.model.step import Settling, Step, StepEnd, StepKind

TARGET = Target("10.96.0.7", 80)


def probe(at: float, vantage: str, outcome: Outcome, step: int, until: float | None = None) -> Event:
    seen = Observation(vantage=vantage, target=TARGET, outcome=outcome, seconds=0.1)
    return Event(at=at, step=step, until=until, probe=seen)


def change(at: float, kind: str, name: str, refused: str = "") -> Event:
    return Event(at=at, step=0, change=Change(verb=Verb.CREATE, kind=kind, name=name, namespace="a", refused=refused))


def step(kind: StepKind, end: StepEnd, *settling: Settling) -> Step:
    return Step(kind=kind, expected="", began=0.0, ended=1.0, end=end, settling=settling)


def failed(*events: Event, settling: tuple[Settling, ...] = ()) -> Fact:
    steps = (step(StepKind.ARRANGE, StepEnd.HELD), step(StepKind.EVENTUALLY, StepEnd.REFUTED, *settling))
    return Fact(id="it", finding=Finding.REFUTED, steps=steps, events=events)


def test_the_failing_probe_is_of_the_step_and_vantage_that_were_not_right() -> None:
    right, wrong = Settling(vantage="near", looks=2, settled=0.1), Settling(vantage="far", looks=2)
    fact = failed(
        probe(0.5, "far", Outcome.DROPPED, step=0),
        probe(1.0, "far", Outcome.DROPPED, step=1, until=2.0),
        probe(1.0, "near", Outcome.ANSWERED, step=1, until=2.5),
        settling=(right, wrong),
    )

    failing = scene(fact).failing

    assert failing is not None
    assert (failing.vantage, failing.outcome) == ("far", Outcome.DROPPED)


def test_of_the_last_look_the_probe_that_was_not_answered_failed() -> None:
    fact = failed(probe(1.0, "one", Outcome.ANSWERED, step=1, until=2.0), probe(2.0, "one", Outcome.REFUSED, step=1))

    failing = scene(fact).failing

    assert failing is not None
    assert failing.outcome is Outcome.REFUSED


def test_a_scene_has_services_objects_targets_and_the_last_change_that_was_taken() -> None:
    fact = failed(
        change(0.1, "Pod", "p"),
        change(0.2, "Service", "s"),
        probe(0.5, "one", Outcome.ANSWERED, step=0),
        change(0.6, "Service", "t", refused="no"),
    )

    seen = scene(fact)

    assert (seen.services, seen.objects) == ((("a", "s"), ("a", "t")), (("a", "p"), ("a", "s")))
    assert (seen.targets, seen.vantages, seen.last_change) == ((TARGET,), ("one",), 0.2)


def test_a_check_that_saw_nothing_has_an_empty_scene() -> None:
    seen = scene(Fact(id="it", finding=Finding.BROKE))

    assert (seen.services, seen.failing, seen.last_change) == ((), None, 0.0)
