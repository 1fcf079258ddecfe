"""The notebook keeps what a check does and sees in its steps, and equal looks that follow each other once."""

import threading
import time

from svcproof.model.event import Change, Reading, Verb
from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Target
from svcproof.model.step import StepEnd, StepKind
from svcproof.plugin.notebook import Notebook
from svcproof.wait import control, eventually
from svcproof.wait.journal import written_to

TARGET = Target("10.96.0.9", 80)


def answered(by: str, *, vantage: str = "client", source_port: int = 1, seconds: float = 0.01) -> Observation:
    answer = Answer(
        pod=by,
        node="node-a",
        namespace="demo",
        port=8080,
        protocol=Protocol.TCP,
        source="10.244.1.2",
        source_port=source_port,
    )
    return Observation(vantage=vantage, target=TARGET, outcome=Outcome.ANSWERED, seconds=seconds, answer=answer)


def look(notebook: Notebook, *observations: Observation) -> None:
    notebook.record(observations, time.monotonic())


def kept(notebook: Notebook) -> list[tuple[str, int]]:
    return [(event.probe.answer.pod, event.count) for event in notebook.page.events if event.probe]


def test_equal_probes_of_one_look_and_of_looks_that_follow_are_kept_once_with_their_times():
    notebook = Notebook()
    look(notebook, answered("a", source_port=1), answered("b"), answered("a", source_port=2, seconds=0.5))
    look(notebook, answered("a"), answered("a"))

    assert kept(notebook) == [("a", 4), ("b", 1)]
    first = notebook.page.events[0]
    assert (first.slowest, first.probe.seconds) == (0.5, 0.01)
    assert first.until > first.at


def test_what_comes_back_after_another_look_is_kept_anew():
    notebook = Notebook()
    for backend in "aba":
        look(notebook, answered(backend))

    assert kept(notebook) == [("a", 1), ("b", 1), ("a", 1)]


def test_looks_of_several_vantages_at_once_do_not_part_those_of_each():
    notebook = Notebook()
    for _ in range(2):
        look(notebook, answered("a", vantage="one"))
        look(notebook, answered("a", vantage="two"))

    assert kept(notebook) == [("a", 2), ("a", 2)]


def test_a_change_parts_what_was_seen_before_it_from_what_was_seen_after():
    notebook = Notebook()
    look(notebook, answered("a"))
    change = Change(verb=Verb.PATCH, kind="Service", name="echo", sent={"spec": {"ports": []}})
    notebook.record([change], time.monotonic())
    look(notebook, answered("a"))

    assert [type(event.what) for event in notebook.page.events] == [Observation, Change, Observation]


def test_events_belong_to_the_step_in_which_they_happened():
    notebook = Notebook()
    notebook.record([Reading(kind="Service", name="echo")], time.monotonic())
    with written_to(notebook):
        with control("the backend answers"):
            eventually(lambda: look(notebook, answered("a")), lambda _: True, within=1, every=0.01)
        look(notebook, answered("b"))
    notebook.page.close(StepEnd.HELD)

    steps, events = notebook.page.steps, notebook.page.events
    assert [(step.kind, step.inside) for step in steps] == [
        (StepKind.ARRANGE, None),
        (StepKind.CONTROL, None),
        (StepKind.EVENTUALLY, 1),
        (StepKind.ARRANGE, None),
    ]
    assert [event.step for event in events] == [0, 2, 3]
    assert all(step.began <= step.ended and step.end is StepEnd.HELD for step in steps)
    assert steps[1].expected == "the backend answers"


def test_threads_that_look_at_once_lose_nothing():
    notebook = Notebook()
    threads = [
        threading.Thread(target=lambda name=name: [look(notebook, answered("a", vantage=name)) for _ in range(200)])
        for name in ("one", "two", "three")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(event.count for event in notebook.page.events) == notebook.page.probes == 600
