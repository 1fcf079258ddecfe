"""The page tells of a check in the very words of svcproof: its scripts are tried against the functions of Python."""

import json
import unicodedata
from dataclasses import replace

import pytest

from svcproof.model.convergence import convergences, kind_of
from svcproof.model.event import Change, Environment, Event, Verb
from svcproof.model.fact import Fact, Finding
from svcproof.model.header import Header
from svcproof.model.judgement import Expected, Observed
from svcproof.model.probe import Lookup, Outcome, Protocol, Target
from svcproof.model.traffic import Manner, Traffic
from svcproof.printable import one_line, printable
from svcproof.report.lines import packed
from svcproof.report.story import story
from tests.pages.recorded import recorded_facts, recorded_run
from tests.pages.scripts import write

pytestmark = pytest.mark.browser
HOSTILE = (
    "<script>",
    "a'b\"c",
    "$(reboot)",
    "two words",
    "",
    "-rf",
    "a\nb",
    "`x`",
    "ünï",
    "\u202egnp",
    "😀",
    "a\tb",
    "~",
    "\\",
)
REPR = (
    "plain",
    "it's",
    'say "it"',
    "both ' and \"",
    "line\nbreak\r\t",
    "back\\slash",
    "\x1b[0m",
    "ünï \u202e \u2028 \xa0 😀",
)


@pytest.fixture
def functions(open_page, tmp_path):
    return open_page(write(tmp_path / "functions.html"))


def test_the_story_of_every_recorded_fact_is_word_for_word_that_of_svcproof(functions):
    facts = list(recorded_facts())

    told = functions.evaluate("facts => facts.map(story)", [json.loads(packed(fact)) for fact in facts])

    assert len(facts) > 60
    assert told == [story(fact) for fact in facts]


def test_the_story_of_hostile_values_is_word_for_word_that_of_svcproof(functions):
    sent = {"spec": {"externalIPs": list(HOSTILE), "flag": True, "none": None, "number": 1.5}, "long": "x😀" * 400}
    events = [
        Event(at=0.0625, step=0, change=Change(verb=Verb.PATCH, kind="Service", name=name, sent=sent, refused=name))
        for name in HOSTILE
    ]
    events += [
        Event(at=0.1875, step=0, environment=Environment(vantage="a", variables=3, resolv_conf=text)) for text in REPR
    ]
    records = frozenset(HOSTILE) - {""}
    events += [
        Event(
            at=0.5,
            step=0,
            lookup=Lookup(vantage="a", server="10.96.0.10", name="b.", type="A", code="NOERROR", records=records),
        )
    ]
    events += [
        Event(at=0.5, step=0, traffic=stream)
        for stream in (
            Traffic(vantage="a", target=Target("fd00::9", 80), manner=Manner.KEPT, every=0.1, seconds=1.0, sent=3),
            Traffic(
                vantage=HOSTILE[0],
                target=Target("10.96.0.9", 53, Protocol.UDP),
                manner=Manner.NEW,
                every=0.1,
                seconds=1.0,
                sent=9,
                unsent=1,
                outcomes={Outcome.ANSWERED: 9},
                broken=2,
                longest_gap=0.125,
                gap_at=0.375,
                wrong=HOSTILE[:2],
            ),
        )
    ]
    fact = Fact(id="a", finding=Finding.REFUTED, events=tuple(events))

    assert functions.evaluate("story", json.loads(packed(fact))) == story(fact)


def test_numbers_are_rounded_as_python_rounds_them(functions):
    numbers = [number / 10000 for number in range(0, 40000, 7)] + [number / 16 for number in range(200)]

    rounded = functions.evaluate("numbers => numbers.map((number) => rounded(number))", numbers)

    assert rounded == [f"{number:.3f}" for number in numbers]


def test_every_character_is_shown_or_escaped_as_svcproof_does(functions):
    points = [
        *range(0x3100),
        *range(0xD7F0, 0xE010),
        *range(0xFE00, 0x10010),
        *range(0x1F000, 0x1FB00),
        0xE0001,
        0x10FFFF,
    ]
    known = [point for point in points if unicodedata.category(chr(point)) != "Cn"]

    shown = functions.evaluate("points => points.map((point) => oneLine(String.fromCodePoint(point)))", known)

    assert shown == [one_line(chr(point)) for point in known]


def test_tabs_and_lines_are_kept_as_svcproof_keeps_them(functions):
    texts = ["a\tb", "\t\tx", "12345678\t9", "a\nb\tc", "a\r\tb", "😀\tb"]

    assert functions.evaluate("texts => texts.map(printable)", texts) == [printable(text) for text in texts]


@pytest.mark.parametrize("node", ["", "tests/test_mine.py::test_it[a b]", "mine.suite::test_it", "$(x).py::test_it"])
def test_the_command_to_run_again_is_the_one_svcproof_prints(functions, node):
    usual = recorded_run().header
    headers = [usual, *(_hostile(usual, word) for word in HOSTILE)]

    commands = functions.evaluate(
        "([headers, node]) => headers.map((header) => again(header, 'a_b', node))",
        [[_fields(each) for each in headers], node],
    )

    assert commands == [header.again("a_b", node) for header in headers]


def test_every_word_of_a_judgement_has_its_meaning(functions):
    assert set(functions.evaluate("Object.keys(OBSERVED_WORDS)")) == {str(word) for word in Observed}
    assert set(functions.evaluate("Object.keys(EXPECTED_WORDS)")) == {str(word) for word in Expected}
    assert set(functions.evaluate("Object.keys(FINDING_WORDS)")) == {str(word) for word in Finding}


def _hostile(header: Header, word: str) -> Header:
    return replace(
        header,
        cluster_given=word,
        proxy_given=word,
        faults=(word, "proxy/no-reject"),
        options=(f"--kubeconfig={word}",),
        patience=(word,),
        ignore_release=True,
        suites=(word,),
    )


def _fields(header: Header) -> dict[str, object]:
    names = ("cluster_given", "proxy_given", "faults", "options", "patience", "ignore_release", "suites")
    return {name: list(value) if isinstance(value := getattr(header, name), tuple) else value for name in names}


def test_what_a_step_awaited_began_with_the_change_that_convergence_is_measured_from(functions):
    """Where the last change before each step is of a kind that a proxy follows, both take the same."""
    facts = [fact for fact in recorded_facts() if convergences(fact)]

    changes = functions.evaluate(
        "facts => facts.map((fact) => awaited(fact).map(({ change }) => fact.events.indexOf(change)))",
        [json.loads(packed(fact)) for fact in facts],
    )

    followed = [
        (fact, found)
        for fact, found in zip(facts, changes, strict=True)
        if all(number < 0 or kind_of(fact.events[number], fact.events) for number in found)
    ]
    assert len(followed) > 30
    assert [{each.change for each in convergences(fact)} for fact, _ in followed] == [
        {number for number in found if number >= 0} for _, found in followed
    ]
