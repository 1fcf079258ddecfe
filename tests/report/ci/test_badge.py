"""The badge: counts with their denominator, a colour by state alone, and grey where it says nothing of the proxy."""

import json
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest

from svcproof.model.baseline import Baseline, Entry
from svcproof.model.behaviour import Level
from svcproof.model.fact import Fact, Finding
from svcproof.model.run import Finished, Run
from svcproof.report.ci.badge import State, badge, endpoint, svg

DAY = date(2026, 1, 2)
FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)


@pytest.fixture
def run_of(header, behaviour):
    """Make a run of core behaviours, and a SHOULD that failed, with these findings."""

    def make(*findings, **more):
        behaviours = [behaviour(f"core_{number}") for number in range(len(findings))]
        facts = [Fact(id=each.id, finding=finding) for each, finding in zip(behaviours, findings, strict=True)]
        weak = behaviour("weak", Level.SHOULD)
        return Run(
            header=replace(header, svcproof="0.2.0", **more),
            behaviours=(*behaviours, weak),
            facts=(*facts, Fact(id="weak", finding=Finding.REFUTED)),
            finished=FINISHED,
        )

    return make


def of(run, today=DAY):
    return badge(run, run.verdicts(), today)


@pytest.mark.parametrize(
    ("findings", "message", "state"),
    [
        ((Finding.CONFIRMED, Finding.CONFIRMED), "2/2", State.SHOWN),
        ((Finding.CONFIRMED, Finding.UNTESTABLE), "1/2", State.PARTLY),
        ((Finding.CONFIRMED, Finding.BROKE), "1/2", State.PARTLY),
        ((Finding.CONFIRMED, Finding.REFUTED), "1/2", State.FAILED),
        ((), "partial selection", State.UNKNOWN),
    ],
)
def test_it_has_the_core_behaviours_shown_and_the_colour_of_the_state(run_of, findings, message, state):
    told = of(run_of(*findings))

    assert told.text == f"Services core {message} · svcproof 0.2 · 2026-01"
    assert told.state is state


@pytest.mark.parametrize("selected", [{"expression": "a"}, {"criteria": {"area": ("a",)}}, {"shard": "1/2"}])
def test_a_part_of_the_behaviours_has_no_numbers(run_of, selected):
    told = of(run_of(Finding.CONFIRMED, **selected))

    assert told.message.startswith("partial selection · ")
    assert told.state is State.UNKNOWN


@pytest.mark.parametrize("finding", [Finding.CONFIRMED, Finding.REFUTED])
def test_a_run_that_did_not_complete_is_grey(run_of, finding):
    told = of(replace(run_of(finding), finished=None))

    assert told.message.startswith("incomplete · ")
    assert told.state is State.UNKNOWN


@pytest.mark.parametrize(("days", "state"), [(180, State.SHOWN), (181, State.UNKNOWN), (-3, State.UNKNOWN)])
def test_it_greys_after_180_days(run_of, days, state):
    assert of(run_of(Finding.CONFIRMED), DAY + timedelta(days=days)).state is state


def test_a_day_that_cannot_be_is_grey(run_of):
    assert of(run_of(Finding.CONFIRMED, started="<b>")).state is State.UNKNOWN


def test_the_file_for_shields_has_its_keys_and_no_other(run_of):
    content = json.loads(endpoint(of(run_of(Finding.CONFIRMED))))

    assert content == {
        "schemaVersion": 1,
        "label": "Services core",
        "message": "1/1 · svcproof 0.2 · 2026-01",
        "color": "brightgreen",
        "cacheSeconds": 3600,
    }


def test_the_picture_says_its_text_to_all_readers_and_obeys_none_of_it(run_of):
    hostile = "<script>\x1b&" + "x" * 300
    root = ET.fromstring(svg(of(replace(run_of(Finding.CONFIRMED, started=hostile, profile="core")))))

    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"svg", "title", "rect", "g", "text"}
    assert root.get("role") == "img"
    assert root.get("aria-label") == root[0].text == of(run_of(Finding.CONFIRMED, started=hostile)).text


@pytest.mark.parametrize("state", State)
def test_white_letters_on_its_colours_can_be_read(state):
    """The contrast of WCAG 1.4.3, 4.5 to 1."""
    channels = [int(state.value[1][start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    luminance = sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    assert 1.05 / (luminance + 0.05) >= 4.5


def test_a_failure_that_a_baseline_expects_is_a_failure(run_of):
    about = {"why": "slow", "url": "https://example.org/1", "owner": "@net", "until": "2026-12-31"}
    run = run_of(Finding.REFUTED).knowing(Baseline(baseline=1, entries=[Entry(behaviour="core_0", **about)]))

    assert run.exit_code(run.verdicts()) == 0
    assert of(run).state is State.FAILED
