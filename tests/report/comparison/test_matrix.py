"""Runs side by side: what is not known is never counted as shown or failed, and each rendering says the same."""

import csv
import io
from dataclasses import replace

import pytest
from rich.console import Console

from svcproof.model.behaviour import Level
from svcproof.model.fact import Fact, Finding
from svcproof.model.judgement import Expected, Observed
from svcproof.model.matrix import count, matrix
from svcproof.model.movement import Movement, movements
from svcproof.model.run import Finished, Run
from svcproof.model.vocabulary import Feature
from svcproof.report.comparison import markdown, table, terminal
from svcproof.report.comparison.names import named
from svcproof.report.comparison.words import GLYPHS, mark

FINISHED = Finished(at="2026-01-02T03:05:05.000+00:00", seconds=60.0)
OTHER = {"passes": Finding.REFUTED, "fails": Finding.CONFIRMED, "breaks": Finding.CONFIRMED}


@pytest.fixture
def whole(every_kind):
    return replace(every_kind, finished=FINISHED, versions={"kubernetes": "v1.36.3"})


def with_findings(run: Run, findings: dict[str, Finding]) -> Run:
    """The run, with other facts of some behaviours."""
    kept = [fact for fact in run.facts if fact.id not in findings]
    return replace(run, facts=(*kept, *(Fact(id=name, finding=finding) for name, finding in findings.items())))


def cells(runs):
    return {row.behaviour.id: row.cells for row in matrix(runs).rows}


def shown_on_terminal(renderable) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def test_each_verdict_has_a_look_of_its_own(whole):
    observed = {name: of[0].observed for name, of in cells({"a": whole}).items()}

    assert observed == {
        "passes": Observed.PASS,
        "fails": Observed.FAIL,
        "is_weak": Observed.WEAK,
        "is_open": Observed.RECORDED,
        "breaks": Observed.UNKNOWN,
        "breaks_too": Observed.UNKNOWN,
        "is_blocked": Observed.UNKNOWN,
        "is_untestable": Observed.UNTESTABLE,
        "is_not_reached": Observed.NOT_RUN,
    }
    assert len(set(GLYPHS.values())) == len(GLYPHS) == len(Observed)


def test_only_what_was_shown_is_counted(whole):
    rows = matrix({"a": whole}).rows

    counted = count(rows, 0)

    assert (counted.rows, counted.tested, counted.shown, counted.unknown) == (8, 3, 1, 3)


def test_what_a_run_could_not_show_is_no_difference(whole):
    other = with_findings(whole, {"passes": Finding.BROKE, "fails": Finding.NOT_REACHED})

    assert [row.behaviour.id for row in matrix({"a": whole, "b": other}).rows if row.differs] == []


def test_a_behaviour_that_one_run_did_not_select_is_no_run_there(whole):
    fewer = replace(whole, behaviours=whole.behaviours[1:])

    assert cells({"a": whole, "b": fewer})["passes"][1].observed is Observed.NO_RUN


def test_expected_is_what_claims_and_release_say(whole, behaviour):
    young = behaviour("young", kep=2086, since="1.40")
    later = behaviour("later", binding="1.38")
    extra = behaviour("extra", features=frozenset({Feature.EXTERNAL_IPS_OFF}))
    run = replace(whole, behaviours=(*whole.behaviours, young, later, extra))

    expected = {name: of[0].expected for name, of in cells({"a": run}).items()}

    assert expected["young"] is Expected.NOT_PROMISED
    assert expected["later"] is Expected.SHOULD
    assert expected["extra"] is Expected.NOT_CLAIMED
    assert (expected["passes"], expected["is_open"]) == (Expected.MUST, Expected.MAY)


def test_a_run_that_is_not_complete_has_no_totals(every_kind):
    text = shown_on_terminal(terminal.render(matrix({"a": every_kind}), "kep"))

    assert "incomplete" in text
    assert "1 of 3" not in text


def test_every_rendering_says_the_same(whole):
    runs = matrix({"one": whole, "two": with_findings(whole, OTHER)})

    on_terminal, as_markdown = shown_on_terminal(terminal.render(runs, "level")), markdown.compared(runs, "level")
    rows = list(csv.reader(io.StringIO(table.compared(runs))))

    for text in (on_terminal, as_markdown):
        line = next(line for line in text.splitlines() if "all" in line.split("|")[-4 if "|" in line else 0])
        assert "1 of 3" in line
    differing = [row.behaviour.id for row in runs.rows if row.differs]
    assert differing == ["fails", "passes"]
    assert all(name in on_terminal and name in as_markdown for name in differing)
    assert len(rows) == 1 + len(runs.rows)
    assert {row[0]: row[-2] for row in rows}["passes"] == "fail"


def test_names_of_runs_are_text_in_markdown_and_no_formula_in_a_table(whole):
    runs = matrix({"=1+1|<script>*x*": whole, "b": with_findings(whole, OTHER)})

    assert r"=1+1\|\<script\>\*x\*" in markdown.compared(runs, "area")
    assert "'=1+1|<script>*x*: expected" in table.compared(runs)


def test_runs_of_one_name_are_told_apart(tmp_path):
    places = [
        tmp_path / "a" / "nft",
        tmp_path / "b" / "nft",
        tmp_path / "c" / "nft (2)",
        tmp_path / "run" / "run.jsonl",
    ]

    assert list(named(places)) == ["nft", "nft (2)", "nft (2) (2)", "run"]


def test_runs_that_are_kept_in_files_are_named_by_them(tmp_path):
    places = [tmp_path / "nft@1.33.13.jsonl.gz", tmp_path / "nft@1.37.2.jsonl"]

    assert list(named(places)) == ["nft@1.33.13", "nft@1.37.2"]


def test_many_runs_are_below_each_other_on_a_terminal(whole):
    runs = {f"same {number}": whole for number in range(6)}
    every = matrix(runs | {"other": with_findings(whole, OTHER)})

    text = shown_on_terminal(terminal.render(every, "kep"))

    assert "\n  passes\n    ✓ pass: same 0, same 1, same 2, same 3, same 4, same 5\n    ✗ fail: other\n" in text
    assert all(f"\n{column.name} " in text for column in every.columns)


MOVES = {
    "passes": (Finding.REFUTED, Movement.REGRESSION),
    "fails": (Finding.CONFIRMED, Movement.FIXED),
    "is_weak": (Finding.BROKE, Movement.NO_LONGER_SHOWN),
    "breaks": (Finding.CONFIRMED, Movement.NOW_SHOWN),
    "breaks_too": (Finding.UNTESTABLE, Movement.CHANGED),
    "is_blocked": (Finding.INCONCLUSIVE, Movement.SAME),
}


@pytest.mark.parametrize("name", MOVES)
def test_a_behaviour_moves_by_what_both_runs_have_shown(whole, name):
    finding, movement = MOVES[name]

    moved = movements(matrix({"old": whole, "new": with_findings(whole, {name: finding})}))

    assert {kind for kind, entries in moved.items() if name in [entry.row.behaviour.id for entry in entries]} == {
        movement
    }


def test_behaviours_of_one_run_alone_are_new_or_retired(whole, behaviour):
    later = replace(whole, behaviours=(*whole.behaviours[1:], behaviour("comes", Level.SHOULD)))

    moved = movements(matrix({"old": whole, "new": later}))

    assert [entry.row.behaviour.id for entry in moved[Movement.NEW]] == ["comes"]
    assert [entry.row.behaviour.id for entry in moved[Movement.RETIRED]] == ["passes"]


def test_a_may_that_goes_another_way_changed_and_says_both(whole):
    other = replace(
        whole, facts=tuple(replace(fact, record="refused") if fact.record else fact for fact in whole.facts)
    )

    (entry,) = movements(matrix({"old": whole, "new": other}))[Movement.CHANGED]

    assert (mark(entry.before), mark(entry.after)) == ("i dropped", "i refused")


def test_what_runs_do_not_have_in_common_is_said(whole):
    other = replace(whole, versions={"kubernetes": "v1.33.1"})

    text = shown_on_terminal(terminal.render(matrix({"old": whole, "new": other}), "kep", moved=True))

    assert "not the same kubernetes: v1.36.3 (old), v1.33.1 (new)" in text
