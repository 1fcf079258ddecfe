"""The runs in a page: whole where there is room, and said to be less where there is not."""

import base64
import gzip
import json
from dataclasses import replace

from svcproof.model.event import Event
from svcproof.model.fact import Fact, Finding
from svcproof.model.probe import Observation, Outcome, Target
from svcproof.report.page import embedded

LOOK = Observation(vantage="client", target=Target("10.0.0.1", 80), outcome=Outcome.ANSWERED, seconds=0.1)


def facts_in(run):
    packed = embedded.packed({"key": (run, run.judged(run.verdicts()))})["key"]
    lines = [json.loads(line) for line in gzip.decompress(base64.b64decode(packed)).splitlines()]
    return len(packed), [line for line in lines if line["kind"] == "fact"]


def with_many_events(run, count):
    events = tuple(Event(at=float(number), step=0, probe=replace(LOOK, seconds=number / 7)) for number in range(count))
    return replace(run, facts=tuple(replace(fact, events=events) for fact in run.facts))


def test_a_small_run_is_whole(every_kind):
    _, facts = facts_in(every_kind)

    assert [fact["id"] for fact in facts] == [fact.id for fact in every_kind.facts]
    assert not any("trimmed" in fact for fact in facts)


def test_of_what_holds_less_is_kept_first(every_kind, monkeypatch):
    run = with_many_events(every_kind, 200)
    whole, _ = facts_in(run)
    monkeypatch.setattr(embedded, "ROOM", whole - 1)

    _, facts = facts_in(run)

    trimmed = {fact["id"]: fact.get("trimmed") for fact in facts}
    assert trimmed["passes"] == ["events"]
    assert trimmed["fails"] is None


def test_a_run_of_very_many_tries_fits_and_keeps_what_was_refuted(every_kind, monkeypatch):
    tries = tuple(
        Fact(
            id="passes", finding=Finding.REFUTED if number == 700 else Finding.CONFIRMED, seconds=number, attempt=number
        )
        for number in range(1, 1000)
    )
    monkeypatch.setattr(embedded, "ROOM", 4000)

    size, facts = facts_in(replace(with_many_events(every_kind, 50), facts=tries))

    assert size <= 4000
    assert "refuted" in {fact["finding"] for fact in facts}
    assert all("other tries" in fact["trimmed"] for fact in facts)
