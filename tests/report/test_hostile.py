"""Strings of the cluster, of files and of programs reach a terminal, XML and Markdown as text, whatever is in them."""

import io
import re
from dataclasses import replace
from itertools import count
from pathlib import Path
from xml.dom import minidom
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.event import (
    Change,
    Differing,
    Environment,
    HarnessAction,
    LinkAddress,
    Reading,
    Sweep,
    Verb,
    event_of,
)
from svcproof.model.evidence import Evidence, EvidenceFile
from svcproof.model.fact import Fact, Finding
from svcproof.model.probe import Target
from svcproof.model.proxy_spec import ProxySpec
from svcproof.model.run import Finished, Run
from svcproof.model.step import Step, StepKind
from svcproof.model.traffic import Manner, Traffic
from svcproof.report import begin, junit, runfile
from svcproof.report.mutants import matrix
from svcproof.report.pages import behaviours_page, inline
from svcproof.report.progress import Progress
from svcproof.report.summary import render

PIECES = (
    *map(chr, (*range(0x20), *range(0x7F, 0xA1), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F))),
    *map(chr, (*range(0x2060, 0x206A), 0xD800, 0xDC80, 0xDFFF, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0041)),
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://example.org\x07link",
    "\x1b[2J",
    "\r\n",
    "]]>",
    "<![CDATA[",
    "<script>alert(1)</script>",
    "&amp;",
    "&",
    '"',
    "'",
    "[bold]",
    "[/]",
    "[/bold]",
    "[link=http://example.org]",
    ":smile:",
    "|",
    "`",
    "```",
    "# heading",
    "- ",
    "x: [",
    "!!python/object",
    "%s {0} {x}",
    "\\",
    "text",
)
hostile = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
numbers = count()


@st.composite
def behaviours(draw):
    # Ids are told apart, or one would be judged by the facts of another.
    return Behaviour(
        id=f"{draw(hostile)}{next(numbers)}",
        area=draw(hostile),
        requirement=draw(hostile),
        spec=draw(hostile),
        level=draw(st.sampled_from(Level)),
        by=draw(st.sampled_from(Part)),
        faults=(draw(hostile),),
        because=draw(hostile),
        otherwise=draw(hostile),
    )


differences = st.builds(
    Differing,
    vantage=hostile,
    target=st.builds(Target, address=hostile, port=st.just(80)),
    door=hostile,
    aspect=st.sampled_from(("answered", "backends", "spread")) | hostile,
    answered=hostile,
    backends=st.lists(hostile, max_size=2).map(tuple),
    expected=hostile,
    seen=hostile,
    rule=hostile,
    says=hostile,
    level=hostile,
    clause=hostile,
)
events = st.builds(
    lambda what: event_of(what, 0.1, 0),
    st.builds(HarnessAction, action=hostile, on=hostile)
    | st.builds(Change, verb=st.sampled_from(Verb), kind=hostile, name=hostile, sent=hostile, refused=hostile)
    | st.builds(Reading, kind=hostile, name=hostile, labels=hostile)
    | st.builds(Environment, vantage=hostile, variables=st.just(1), resolv_conf=hostile)
    | st.builds(LinkAddress, vantage=hostile, address=hostile, hardware=hostile)
    | st.builds(
        Sweep,
        vantages=st.just(11),
        doors=st.just(6),
        cells=st.just(66),
        probes=st.just(198),
        differing=st.integers(0, 2),
        differences=st.lists(differences, max_size=2).map(tuple),
    )
    | st.builds(
        Traffic,
        vantage=hostile,
        target=st.builds(Target, address=hostile, port=st.just(80)),
        manner=st.sampled_from(Manner),
        every=st.just(0.1),
        seconds=st.just(1.0),
        sent=st.just(2),
        backends=st.dictionaries(hostile, st.just(1), max_size=2),
        wrong=st.lists(hostile, max_size=2).map(tuple),
    ),
)
steps = st.builds(Step, kind=st.sampled_from(StepKind), expected=hostile, began=st.just(0.0), ended=st.just(0.2))
files = st.builds(EvidenceFile, title=hostile, name=st.just("it.log"), size=st.just(1), sha256=st.just("0" * 64))


@st.composite
def runs(draw):
    selected = tuple(draw(st.lists(behaviours(), min_size=1, max_size=4)))
    facts = tuple(
        Fact(
            id=behaviour.id,
            finding=draw(st.sampled_from(Finding)),
            reason=draw(hostile),
            steps=tuple(draw(st.lists(steps, max_size=2))),
            events=tuple(draw(st.lists(events, max_size=3))),
            record=draw(hostile),
            evidence=Evidence(excerpt=draw(hostile), files=(draw(files),), missing=(draw(hostile),)),
        )
        for behaviour in selected
    )
    words = st.lists(hostile, max_size=2).map(tuple)
    header = replace(
        begin(ClusterSpec(name=draw(hostile), provider="lab"), ProxySpec(name=draw(hostile))),
        cluster_given=draw(hostile),
        proxy_given=draw(hostile),
        faults=draw(words),
        criteria={"area": draw(words)},
        options=draw(words),
        argv=draw(words),
    )
    header = replace(header, started=draw(hostile), svcproof=draw(hostile), id=draw(hostile), shard=draw(hostile))
    finished = Finished(at=draw(hostile), seconds=1.0, why=draw(st.just("completed") | hostile))
    return Run(
        header=replace(header, versions={draw(hostile): draw(hostile)}),
        behaviours=selected,
        versions={draw(hostile): draw(hostile)},
        facts=facts,
        finished=finished,
    )


def on_terminal(show, *, terminal):
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, highlight=False)
    show(console)
    return file.getvalue()


def assert_plain(text, *, terminal=False):
    """No character but newlines is anything but printed, apart from the codes that rich itself writes."""
    if terminal:
        text = re.sub(r"\x1b\[\??[0-9;]*[mKAhl]|\r", "", text)
    assert text.replace("\n", "").isprintable(), ascii(text)


@settings(max_examples=60, deadline=None)
@given(runs())
def test_every_string_of_a_run_is_text_in_xml(run):
    content = ET.tostring(junit.document(run, run.verdicts()), encoding="utf-8", xml_declaration=True)

    again = minidom.parseString(content).documentElement
    assert_plain(re.sub(r"&#(10|xA);", "", content.decode()))
    assert len(again.getElementsByTagName("testcase")) >= len(run.behaviours)
    assert not again.getElementsByTagName("script")


@settings(max_examples=60, deadline=None)
@given(runs(), st.booleans())
def test_every_string_of_a_run_is_text_on_a_terminal(run, terminal):
    verdicts = run.verdicts()

    text = on_terminal(lambda on: on.print(render(run, verdicts, Path("\x1b[2J"))), terminal=terminal)

    assert_plain(text, terminal=terminal)


@settings(max_examples=60, deadline=None)
@given(runs(), hostile, st.booleans())
def test_every_string_of_a_run_is_text_while_it_goes_on(run, step, terminal):
    def show(on):
        progress = Progress(on, run.header)
        progress.expect(len(run.behaviours))
        for verdict in run.verdicts():
            progress.step(step)
            progress.started(verdict.behaviour)
            progress.concluded(verdict)
        progress.finish()

    assert_plain(on_terminal(show, terminal=terminal), terminal=terminal)


@settings(max_examples=60, deadline=None)
@given(st.lists(behaviours(), max_size=4))
def test_every_string_of_a_behaviour_is_text_in_a_page_of_markdown(listed):
    text = behaviours_page(listed)

    assert_plain(text)
    assert text.count("\n### ") == len(listed)
    assert "<script" not in text


@given(st.lists(hostile, min_size=1, max_size=4))
def test_a_row_of_a_table_in_markdown_has_its_number_of_cells(cells):
    row = f"| {' | '.join(map(inline, cells))} |"

    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == len(cells) + 1
    assert "\n" not in row


@settings(max_examples=60, deadline=None)
@given(runs())
def test_every_string_of_a_run_stays_data_in_its_file(tmp_path_factory, run):
    folder = tmp_path_factory.mktemp("run")
    run = replace(run, header=replace(run.header, started="2026-01-02T03:04:05+00:00"))  # Another is refused.

    runfile.store(run, folder)
    loaded = runfile.load(folder)

    assert [one.ruling for one in loaded.verdicts()] == [one.ruling for one in run.verdicts()]
    assert (folder / "run.jsonl").read_bytes().decode().count("\n") == 5 + len(run.facts)


@settings(max_examples=30, deadline=None)
@given(runs())
def test_every_string_of_the_mutants_matrix_is_text(run):
    from svcproof.cli.mutants import described
    from svcproof.printable import printable

    assert_plain(printable(described(matrix(run.verdicts(), {"\x1b[2J": run.verdicts()}))))


@pytest.mark.parametrize("area", ["[bold]", "[/]", "a\nb"])
def test_an_area_has_one_row_and_no_markup(header, behaviour, area):
    run = Run(header=header, behaviours=(behaviour("one", area=area),))

    text = on_terminal(lambda on: on.print(render(run, run.verdicts(), Path("x"))), terminal=False)

    assert text.split("\n")[1].split() == [area.replace("\n", "\\n"), "1"]
