"""Baselines, and the mistakes in them that are refused."""

from pathlib import Path

import pytest

from svcproof.declare.baselines import baseline, refuse_existing
from svcproof.errors import UsageError
from svcproof.model.baseline import Entry
from svcproof.model.behaviour import Behaviour, Level, Part

ENTRY = '- {behaviour: %s, why: x, url: "https://e.org/1", owner: "@net", until: 2027-03-01}\n'
NEAR = " (did you mean node_port_answers or node_port_is_open?)"
NO_DATE = "input should be a valid date in the format YYYY-MM-DD, input is too short"


def known():
    levels = {"node_port_answers": Level.MUST, "node_port_is_open": Level.MAY, "affinity_ends": Level.MUST}
    return [
        Behaviour(id=name, area="a", requirement="It does.", spec="", level=level, by=Part.PROXY)
        for name, level in levels.items()
    ]


def test_an_entry_has_all_its_fields(write):
    (entry,) = baseline(Path(write("baseline: 1\nentries:\n" + ENTRY % "affinity_ends")), known()).entries

    assert isinstance(entry, Entry)
    assert (entry.behaviour, entry.owner, str(entry.until)) == ("affinity_ends", "@net", "2027-03-01")


def test_there_may_be_no_entry(write):
    assert baseline(Path(write("baseline: 1\nentries: []\n")), known()).entries == ()


def test_every_mistake_is_told_with_its_place_and_near_names(problems, write):
    text = f"""\
baseline: 1
entries:
{ENTRY % "node_port_answer"}{ENTRY % "affinity_ends"}{ENTRY % "affinity_ends"}{ENTRY % "node_port_is_open"}\
- {{behaviour: node_port_answers, observed: fial, why: "", url: "", owner: " ", until: soon}}
- {{behaviour: node_port_answers, ownr: x, url: "ftp://e.org"}}
"""
    path = write(text)
    assert problems(lambda file: baseline(Path(file), known()), path) == [
        f":3:15: entries.0.behaviour: 'node_port_answer' is no behaviour{NEAR}; see svcproof list",
        ":5:15: entries.2.behaviour: 'affinity_ends' is listed twice: keep one of the two",
        ":6:15: entries.3.behaviour: 'node_port_is_open' is a MAY, which is recorded and cannot fail: leave it out",
        ":7:44: entries.4.observed: 'fial' is unknown (did you mean fail?)",
        ":7:55: entries.4.why: to be filled in: the file counts for nothing before that",
        ":7:64: entries.4.url: to be filled in: the file counts for nothing before that",
        ":7:75: entries.4.owner: to be filled in: the file counts for nothing before that",
        f":7:87: entries.4.until: {NO_DATE} (got 'soon')",
        ":8:3: entries.5.why: is missing",
        ":8:3: entries.5.owner: is missing",
        ":8:3: entries.5.until: is missing",
        ":8:15: entries.5.behaviour: 'node_port_answers' is listed twice: keep one of the two",
        ":8:34: entries.5.ownr: unknown key (did you mean owner?)",
        ":8:48: entries.5.url: 'ftp://e.org' is no URL such as http://example.org/",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("baseline: 2\nentries: []\n", ":1:11: baseline: 2 is unknown"),
        ("baseline: 1\n", ":1:1: entries: is missing"),
        ("entries: []\n", ":1:1: baseline: is missing"),
        ("baseline: 1\nentries: [affinity_ends]\n", ":2:11: entries.0: "),
        ("baseline: 1\nentries: {affinity_ends: known}\n", ":2:10: entries: "),
        ("- affinity_ends\n", ":1:1: is no mapping"),
        ("", ":1:1: is empty"),
    ],
)
def test_a_file_of_another_shape_is_refused(problems, write, text, said):
    (told,) = problems(lambda file: baseline(Path(file), known()), write(text))
    assert told.startswith(said)


def test_a_file_that_somebody_may_have_filled_in_is_not_overwritten(tmp_path):
    (tmp_path / "known.yaml").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("known.yaml", "link", "no/folder.yaml"):
        with pytest.raises(UsageError, match="--write-baseline"):
            refuse_existing(tmp_path / name)
    refuse_existing(tmp_path / "new.yaml")
