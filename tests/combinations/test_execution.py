"""A matrix being run: what was done is kept, what cannot be had is unknown, and the others go on."""

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from svcproof.combinations import columns, execution, record
from svcproof.combinations.ingredients import ingredients
from svcproof.combinations.plan import Planned, plan
from svcproof.combinations.progress import Progress
from svcproof.combinations.record import Kept
from svcproof.declare import DeclaredMatrix
from svcproof.exit_code import ExitCode
from svcproof.model.combination import short_names
from svcproof.model.judgement import Observed
from svcproof.model.matrix import Matrix, count, matrix
from svcproof.report import runfile
from svcproof.report.comparison import markdown
from svcproof.report.comparison_files import SHAPES
from tests.combinations.conftest import Act, Runner, cut, failing, not_coming_up, refused

Made = Callable[..., tuple[tuple[Planned, ...], dict[str, Kept], str]]
REFERENCE, MINE = "reference,lab,ipv4,1", "mine,lab,ipv4,1"


@pytest.fixture
def make(declared: Callable[..., DeclaredMatrix], tmp_path: Path) -> Made:
    """Run a matrix with a runner; returns the plan, what is there then, and what was printed."""

    def made(runner: Runner, **options: list[str]) -> tuple[tuple[Planned, ...], dict[str, Kept], str]:
        matrix_file, results = declared(), tmp_path / "results"
        made_of = ingredients(matrix_file.combinations, matrix_file.spec, ())
        there = {one.id: record.kept(results / one.id) for one in matrix_file.combinations}
        planned = plan(matrix_file.combinations, made_of, there, **options)
        printed = StringIO()
        progress = Progress(Console(file=printed, width=200), planned, short_names(matrix_file.combinations))
        what = execution.Execution(matrix_file.spec, (), results, made_of, runner)
        return planned, what.make(planned, progress), printed.getvalue()

    return made


def compared(planned: tuple[Planned, ...], there: dict[str, Kept]) -> Matrix:
    return matrix(columns.runs(planned, there, short_names(tuple(one.combination for one in planned))))


def test_each_run_is_in_a_directory_of_its_own_with_its_record(make: Made, tmp_path: Path) -> None:
    planned, there, _ = make(Runner())

    assert {path.name for path in (tmp_path / "results").iterdir()} == {REFERENCE, MINE}
    made = there[MINE].record
    assert made
    assert made.digest == runfile.load(tmp_path / "results" / MINE).digest
    assert execution.exit_code(planned, there) == ExitCode.OK


def test_the_same_again_runs_nothing_and_compares_the_same(make: Made) -> None:
    first = compared(*make(Runner())[:2])
    again = Runner()
    second = compared(*make(again)[:2])

    assert again.ran == []
    assert markdown.compared(second, "kep") == markdown.compared(first, "kep")
    assert second == first


def test_a_cut_matrix_goes_on_and_the_half_run_is_set_aside(make: Made, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make(Runner(acts={2: cut}))
    half = (tmp_path / "results" / MINE / "run.jsonl").read_bytes()
    again = Runner()

    planned, there, _ = make(again)

    assert again.proxies == ["mine"]
    assert [(one.combination.id, one.why) for one in planned][1] == (MINE, "its run was cut")
    assert (tmp_path / "results/.set-aside" / MINE / "run.jsonl").read_bytes() == half
    assert execution.exit_code(planned, there) == ExitCode.OK


def test_a_run_cut_twice_leaves_one_half_run(make: Made, tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            make(Runner(acts={1: cut}), only=["mine"])

    make(Runner(), only=["mine"])

    assert [path.name for path in (tmp_path / "results/.set-aside").iterdir()] == [MINE]


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (not_coming_up, "the proxy did not become ready on node-a"),
        (refused, "kube-proxy 1.99.0 could not be obtained"),
    ],
)
def test_what_cannot_be_had_is_unknown_and_the_others_go_on(make: Made, act: Act, reason: str) -> None:
    runner = Runner(acts={1: act})

    planned, there, printed = make(runner)

    unknown, known = (column for column in compared(planned, there).columns)
    assert runner.proxies == ["reference", "mine"]
    assert f"[1/2] reference: could not be had: {reason}" in printed
    assert (unknown.complete, unknown.why) == (False, reason)
    assert known.complete
    assert execution.exit_code(planned, there) == ExitCode.UNDECIDED


@pytest.mark.parametrize("act", [not_coming_up, refused])
def test_what_is_unknown_is_never_a_failure_nor_counted(make: Made, act: Act) -> None:
    every = compared(*make(Runner(acts={1: act}))[:2])

    (row,) = every.rows
    assert row.cells[0].observed in {Observed.NO_RUN, Observed.NOT_RUN}
    assert not row.differs
    assert count(every.rows, 0).tested == 0


def test_what_is_left_out_has_a_column_and_does_not_count(make: Made) -> None:
    planned, there, _ = make(Runner(), only=["mine"])

    reference, mine = compared(planned, there).columns
    assert reference.why == "it was not run yet"
    assert mine.complete
    assert execution.exit_code(planned, there) == ExitCode.OK


def test_a_failed_must_exits_1_even_beside_what_is_unknown(make: Made) -> None:
    planned, there, printed = make(Runner(acts={1: refused, 2: failing}))

    assert "[2/2] mine: a MUST failed" in printed
    assert execution.exit_code(planned, there) == ExitCode.FAILED


@pytest.mark.parametrize("damage", ["edited", "exchanged", "removed", "record"])
def test_results_that_are_not_as_they_were_written_are_made_again(make: Made, tmp_path: Path, damage: str) -> None:
    make(Runner())
    run, other = (tmp_path / "results" / name / "run.jsonl" for name in (MINE, REFERENCE))
    if damage == "edited":
        run.write_bytes(run.read_bytes().replace(b"confirmed", b"confirmed "))
    elif damage == "exchanged":
        run.write_bytes(other.read_bytes())
    elif damage == "removed":
        run.unlink()
    else:
        (run.parent / "combination.json").write_text("{}")
    again = Runner()

    make(again)

    assert again.proxies == ["mine"]


def test_the_progress_counts_all_and_says_what_is_left(make: Made) -> None:
    printed = make(Runner())[2]

    assert "[1/2] reference, 0:00" in printed
    assert re.search(r"\[2/2\] mine, 0:00, about 0:(09|10) left in all", printed)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_file_of_a_comparison_has_what_is_unknown_and_is_the_same_each_time(make: Made, shape: str) -> None:
    first, second = (compared(*make(Runner(), only=["reference"])[:2]) for _ in range(2))

    text = SHAPES[shape](first, "kep")

    assert text == SHAPES[shape](second, "kep")
    assert "mine" in text


def test_columns_without_a_run_are_told_apart(declared: Callable[..., DeclaredMatrix]) -> None:
    combinations = declared("clusters: [lab]\nproxies: [reference, mine.yaml]\nrepeats: 2\n").combinations
    ids = {columns.without_run(combination, "it was not run yet").header.id for combination in combinations}

    assert len(ids) == 4
