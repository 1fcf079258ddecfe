"""The report has a line for each kind of change that was awaited, with the median and the worst time."""

from dataclasses import replace

import pytest

from svcproof.model.event import Change, Event, Verb
from svcproof.model.fact import Finding
from svcproof.model.step import Settling, Step, StepKind
from svcproof.report.convergence import convergence_lines


@pytest.fixture
def run(every_kind):
    """A run in which one Service was made, and seen by three clients."""

    def of(finding=Finding.CONFIRMED, **of_behaviour):
        made = Event(at=0.0, step=0, change=Change(verb=Verb.CREATE, kind="Service", name="web"))
        settling = tuple(
            Settling(vantage=name, looks=3, first_right=seconds, last_wrong=seconds - 0.1, settled=seconds)
            for name, seconds in {"near": 0.2, "far": 1.5, "outside": 0.3}.items()
        )
        step = Step(kind=StepKind.EVENTUALLY, expected="it answers", began=0.1, ended=2.0, settling=settling)
        fact = replace(every_kind.facts[0], finding=finding, events=(made,), steps=(step,))
        first = replace(every_kind.behaviours[0], **of_behaviour)
        return replace(every_kind, behaviours=(first, *every_kind.behaviours[1:]), facts=(fact,))

    return of


def test_a_kind_of_change_has_its_median_and_its_worst_with_where_that_was(run):
    _, line = convergence_lines(run())

    assert line.plain == "  Service made: median 0.30 s of 3, worst 1.40-1.50 s in passes from far"


def test_what_did_not_hold_and_what_another_part_answers_for_measures_no_proxy(run):
    assert list(convergence_lines(run(Finding.REFUTED))) == []
    assert list(convergence_lines(run(by="dns"))) == []
