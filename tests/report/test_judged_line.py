from dataclasses import replace

from svcproof.model.judgement import Expected, Judged, Observed
from svcproof.model.run import Finished
from svcproof.report import runfile
from svcproof.report.lines import Chain


def judged_lines(path):
    chain = Chain()
    return [
        line for text in path.read_bytes().splitlines(keepends=True) if isinstance(line := chain.check(text), Judged)
    ]


def test_a_finished_run_has_its_judgements_in_its_file_in_the_order_of_its_selection(tmp_path, every_kind):
    run = replace(every_kind, finished=Finished(at="2026-01-02T03:05:05+00:00", seconds=60.5))
    stored = runfile.store(run, tmp_path)

    (line,) = judged_lines(tmp_path / "run.jsonl")

    assert [each.id for each in line.judgements] == [behaviour.id for behaviour in run.behaviours]
    assert line == runfile.load(tmp_path).judged(run.verdicts())
    assert stored.digest == runfile.load(tmp_path).digest != ""
    by_id = {each.id: each for each in line.judgements}
    assert (by_id["fails"].expected, by_id["fails"].observed) == (Expected.MUST, Observed.FAIL)


def test_a_run_without_an_end_has_none(tmp_path, every_kind):
    runfile.store(every_kind, tmp_path)

    assert judged_lines(tmp_path / "run.jsonl") == []
