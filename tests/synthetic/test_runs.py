"""The runs that tests and measurements of reports are made of are like those of svcproof, and always the same."""

from svcproof.model.judgement import Expected, Observed
from svcproof.model.matrix import matrix
from svcproof.report import runfile
from tests.synthetic.long_run import store_long
from tests.synthetic.runs import KINDS, runs, stored
from tests.synthetic.words import HOSTILE


def test_everything_that_can_be_expected_and_observed_is_among_them():
    cells = [cell for row in matrix(runs(200)).rows for cell in row.cells]

    assert {cell.observed for cell in cells} == set(Observed)
    assert {cell.expected for cell in cells} == set(Expected)
    assert any(cell.flagged for cell in cells)


def test_hostile_words_are_among_ids_areas_reasons_and_names():
    made = runs(600, 1)
    behaviours = made["reference"].behaviours

    for word in HOSTILE:
        assert any(word in behaviour.id for behaviour in behaviours)
        assert any(word == behaviour.area for behaviour in behaviours)
        assert any(word in behaviour.requirement for behaviour in behaviours)
    assert {fact.reason for fact in made["reference"].facts} & set(HOSTILE)


def test_the_same_arguments_give_the_same_runs(tmp_path):
    first, second = (stored(runs(20), tmp_path / name) for name in ("first", "second"))

    assert [run.digest for run in first.values()] == [run.digest for run in second.values()]
    assert len({run.digest for run in first.values()}) == len(KINDS)


def test_a_stored_run_is_what_its_file_holds(tmp_path):
    for number, (_, run) in enumerate(stored(runs(20), tmp_path).items()):
        loaded = runfile.load(tmp_path / f"{number:02}")

        assert loaded == run
        assert loaded.digest == run.digest


def test_a_long_run_file_is_one_that_is_read(tmp_path):
    run = runfile.load(store_long(tmp_path / "long", 2000))

    assert (len(run.facts), len(run.behaviours), run.finished) == (900, 300, None)
    assert {verdict.ruling for verdict in run.verdicts()} == {"pass", "recorded"}
